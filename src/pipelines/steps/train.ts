import { parseDigest } from '#kernel';
import type { CandidateResult, TrainingBorders } from '#training';
import { outputWith, textOf, textsOf } from './outputs.ts';
import type { BuiltInDeps, StepExecutor } from './step.ts';
import { trainingViewOf } from './training-view.ts';

/** Makes the step `train`: every candidate as a run of its own; the best by validation loss goes on, the prior is the baseline. */
export function trainStep(deps: Pick<BuiltInDeps, 'features' | 'training'>): StepExecutor {
  return async (context) => {
    const { training, view } = trainingViewOf(deps, context);
    const table = outputWith(context, ['frameDigest', 'borders']);
    const results = await deps.training.trainCandidates({
      effect: context.effect,
      training,
      frameDigest: parseDigest(textOf(table, 'frameDigest')),
      features: view.specs,
      // Written by the step `features`.
      borders: table['borders'] as unknown as TrainingBorders,
      datasets: textsOf(table, 'versions'),
      note: (text) => {
        context.log.add('gyre', text);
      },
    });
    const best = bestOf(results);
    const baseline = results.find((result) => result.kind === 'prior');
    return {
      candidates: results.map((result) => ({ ...result })),
      best: { ...best },
      ...(baseline === undefined ? {} : { baselineDigest: baseline.modelDigest }),
      text: `${String(results.length)} candidates trained; best on validation: ${best.kind} (run ${String(best.runNumber)}, log loss ${best.validationLoss.toFixed(4)})`,
    };
  };
}

function bestOf(results: readonly CandidateResult[]): CandidateResult {
  const [first, ...others] = results;
  if (first === undefined) throw new Error('a training has at least one candidate');
  return others.reduce((best, result) => (result.validationLoss < best.validationLoss ? result : best), first);
}
