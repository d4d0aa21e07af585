import type { Tree } from '#training';
import type { OnnxNode } from './onnx-graph.ts';

/** Trees as one operator, and what trees of a single leaf add up to: those stay outside, because runtimes have failed on them. */
export interface TreeEnsemble {
  /** Absent when no tree has a split. */
  readonly node: OnnxNode | undefined;
  readonly constant: number;
}

/** One row of the operator's parallel lists. */
interface FlatNode {
  readonly tree: number;
  readonly node: number;
  readonly feature: number;
  readonly threshold: number;
  readonly yes: number;
  readonly no: number;
  readonly missingYes: number;
  readonly leaf: number | undefined;
}

/**
 * Writes boosted trees as TreeEnsembleRegressor of `ai.onnx.ml` 3, which every runtime since 2022 reads. One target; no post-transform (runtimes ignore
 * LOGISTIC for one target) and no base values.
 *
 * @see https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html
 */
export function treeEnsemble(trees: readonly Tree[], input: string, output: string): TreeEnsemble {
  const split = trees.filter((tree) => tree.feature.length > 0);
  const constant = trees.reduce((sum, tree) => sum + (tree.feature.length === 0 ? (tree.leaf[0] ?? 0) : 0), 0);
  if (split.length === 0) return { node: undefined, constant };
  const nodes = split.flatMap((tree, index) => flatNodes(tree, index));
  const leaves = nodes.filter((node) => node.leaf !== undefined);
  const attributes = {
    n_targets: { whole: 1 },
    post_transform: { text: 'NONE' },
    aggregate_function: { text: 'SUM' },
    nodes_treeids: { wholes: nodes.map((node) => node.tree) },
    nodes_nodeids: { wholes: nodes.map((node) => node.node) },
    nodes_featureids: { wholes: nodes.map((node) => node.feature) },
    nodes_modes: { texts: nodes.map((node) => (node.leaf === undefined ? 'BRANCH_LEQ' : 'LEAF')) },
    nodes_values: { floats: nodes.map((node) => node.threshold) },
    nodes_truenodeids: { wholes: nodes.map((node) => node.yes) },
    nodes_falsenodeids: { wholes: nodes.map((node) => node.no) },
    nodes_missing_value_tracks_true: { wholes: nodes.map((node) => node.missingYes) },
    target_treeids: { wholes: leaves.map((node) => node.tree) },
    target_nodeids: { wholes: leaves.map((node) => node.node) },
    target_ids: { wholes: leaves.map(() => 0) },
    target_weights: { floats: leaves.map((node) => node.leaf ?? 0) },
  };
  return {
    node: { op: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', inputs: [input], outputs: [output], attributes },
    constant,
  };
}

/** Splits keep their numbers, leaves follow them. */
function flatNodes(tree: Tree, index: number): readonly FlatNode[] {
  const nSplits = tree.feature.length;
  const id = (child: number | undefined): number => (child === undefined || child >= 0 ? (child ?? 0) : nSplits - 1 - child);
  const splits = tree.feature.map((feature, node) => ({
    tree: index,
    node,
    feature,
    threshold: tree.threshold[node] ?? 0,
    yes: id(tree.left[node]),
    no: id(tree.right[node]),
    missingYes: tree.missingLeft[node] ?? 0,
    leaf: undefined,
  }));
  const leaves = tree.leaf.map((leaf, at) => ({
    tree: index,
    node: nSplits + at,
    feature: 0,
    threshold: 0,
    yes: 0,
    no: 0,
    missingYes: 0,
    leaf,
  }));
  return [...splits, ...leaves];
}
