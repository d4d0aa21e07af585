import { canonicalJson } from '#kernel';
import type { Task } from './candidate.ts';

/** One input of a model: a number, or text out of a set of levels. */
export interface FeatureSpec {
  readonly name: string;
  readonly kind: 'number' | 'category';
}

/** Turns the levels of one category into numbers. All values are float32. */
export interface CategoryEncoder {
  /** Index into `features`. */
  readonly feature: number;
  /** Sorted by UTF-16 code units; never the empty text, which means missing. */
  readonly levels: readonly string[];
  /** One for each level. */
  readonly values: readonly number[];
  /** For a missing value. */
  readonly missing: number;
  /** For a level that training did not see. */
  readonly unseen: number;
}

/** `intercept + Σ (finite(x) ? slope·(x − center) : missing)` over all features, categories encoded. All values are float32. */
export interface LinearTerms {
  readonly intercept: number;
  readonly centers: readonly number[];
  readonly slopes: readonly number[];
  readonly missing: readonly number[];
}

/**
 * A tree with m splits and m + 1 leaves. A child is a split (≥ 0, always after its parent) or a leaf (−1 − index).
 * `x <= threshold` goes left; NaN goes left where `missingLeft` is 1. Thresholds and leaves are float32.
 */
export interface Tree {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly missingLeft: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly leaf: readonly number[];
  /** Training rows in each leaf. */
  readonly leafRows: readonly number[];
}

interface ModelBase {
  readonly format: 'gyre-model';
  readonly version: 1;
  readonly task: Task;
  readonly features: readonly FeatureSpec[];
  readonly encoders: readonly CategoryEncoder[];
}

/** Always says the same: the share of label 1, or the mean. */
export interface PriorModel extends ModelBase {
  readonly kind: 'prior';
  readonly value: number;
}

/** Linear in its encoded inputs; `logistic` puts the sum through the logistic function. */
export interface LinearModel extends ModelBase {
  readonly kind: 'logistic' | 'linear';
  readonly terms: LinearTerms;
}

/** Sum of `base` and one leaf of each tree; in a binary task through the logistic function. */
export interface GbtModel extends ModelBase {
  readonly kind: 'gbt';
  readonly base: number;
  readonly trees: readonly Tree[];
}

/** A trained model with everything that stands between raw inputs and its answer. Its canonical JSON is its identity. */
export type Model = PriorModel | LinearModel | GbtModel;

/**
 * Writes a model as the bytes whose SHA-256 is its identity: RFC 8785 canonical JSON.
 *
 * @param model - A model made by a trainer or by {@link parseModel}.
 * @returns UTF-8 bytes; equal models give equal bytes.
 * @example
 * ```ts
 * const model: Model = { format: 'gyre-model', version: 1, kind: 'prior', task: 'binary', features: [], encoders: [], value: 0.25 };
 * parseModel(encodeModel(model)).kind; // => 'prior'
 * ```
 * @see RFC 8785
 */
export function encodeModel(model: Model): Uint8Array {
  return new TextEncoder().encode(canonicalJson(model));
}

/** The shortest decimal that rounds to the same float32: what a model document holds for each of its floats. */
export function shortFloat32(value: number): number {
  const exact = Math.fround(value);
  if (Number.isInteger(exact) && Math.abs(exact) < 1e9) return exact;
  for (let digits = 5; digits <= 8; digits += 1) {
    const short = Number(exact.toPrecision(digits));
    if (Math.fround(short) === exact) return short;
  }
  return Number(exact.toPrecision(9));
}
