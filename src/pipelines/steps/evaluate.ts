import type { Evaluation, EvaluationMetric, EvaluationRequest } from '#evaluation';
import { EVALUATION_METRICS } from '#evaluation';
import { formatEstimate, type JsonObject, parseDigest } from '#kernel';
import { objectiveOf } from '#projects';
import type { TrainingBorders } from '#training';
import { outputWith, textOf } from './outputs.ts';
import type { BuiltInDeps, StepContext, StepExecutor } from './step.ts';
import { trainingViewOf } from './training-view.ts';

const CHAMPION = 'champion';

/** Makes the step `evaluate`: the best candidate on test rows it never saw, beside champion and baseline on the same rows. */
export function evaluateStep(
  deps: Pick<BuiltInDeps, 'platform' | 'features' | 'training' | 'evaluation' | 'registry'>,
): StepExecutor {
  return async (context) => {
    const { training } = trainingViewOf(deps, context);
    const table = outputWith(context, ['frameDigest', 'borders']);
    const best = bestOf(context);
    // Written by the step `features`.
    const borders = table['borders'] as unknown as TrainingBorders;
    const evaluation = await deps.evaluation.evaluateModel({
      projectId: context.project.id,
      runId: textOf(best, 'runId'),
      modelDigest: parseDigest(textOf(best, 'modelDigest')),
      frameDigest: parseDigest(textOf(table, 'frameDigest')),
      rows: { split: 'test', fromMs: borders.testFromMs, toMs: borders.endMs },
      references: await referencesOf(deps, context, training.model),
      primaryMetric: metricOf(context, training.objective),
      seed: training.seed,
      signal: context.effect.signal,
      guard: (tx) => context.effect.guard(tx),
    });
    return {
      evaluationId: evaluation.id,
      specDigest: evaluation.specDigest,
      reportDigest: evaluation.reportDigest,
      nRows: evaluation.report.nRows,
      nDays: evaluation.report.nDays,
      text: sentenceOf(evaluation),
    };
  };
}

/** What the step `train` found best. */
export function bestOf(context: Pick<StepContext, 'outputs' | 'step'>): JsonObject {
  // Written by the step `train`.
  return outputWith(context, ['best', 'candidates'])['best'] as JsonObject;
}

async function referencesOf(
  deps: Pick<BuiltInDeps, 'platform' | 'registry'>,
  context: StepContext,
  model: string,
): Promise<NonNullable<EvaluationRequest['references']>> {
  const projectId = context.project.id;
  const champion = await deps.platform.database.read((tx) =>
    deps.registry.versionByAlias(tx, { projectId, model, alias: CHAMPION }),
  );
  const baseline = textOf(outputWith(context, ['best']), 'baselineDigest');
  return [
    ...(champion === undefined ? [] : [{ role: 'champion' as const, modelDigest: champion.digest }]),
    ...(baseline === '' ? [] : [{ role: 'baseline' as const, modelDigest: parseDigest(baseline) }]),
  ];
}

function metricOf(context: StepContext, objective: string): EvaluationMetric {
  const { metric } = objectiveOf(context.project, objective);
  const known = Object.keys(EVALUATION_METRICS).find((candidate): candidate is EvaluationMetric => candidate === metric);
  return known ?? 'roc_auc';
}

function sentenceOf(evaluation: Evaluation): string {
  const { report, spec } = evaluation;
  const metric = spec.primaryMetric;
  const versus = report.comparisons
    .map((comparison) => `${formatEstimate(comparison.differences[metric])} against the ${comparison.against}`)
    .join(', ');
  const judged = `${metric} ${formatEstimate(report.metrics[metric])} on ${String(report.nRows)} test rows of ${String(report.nDays)} days`;
  return versus === '' ? judged : `${judged}; ${versus}, paired`;
}
