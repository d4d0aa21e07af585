import { bordersOf } from '#training';
import { numberOf, outputWith, textsOf } from './outputs.ts';
import type { BuiltInDeps, StepExecutor } from './step.ts';
import { trainingViewOf } from './training-view.ts';

/** Makes the step `features`: builds the point-in-time correct training table and divides its time. */
export function featuresStep(deps: Pick<BuiltInDeps, 'features' | 'training'>): StepExecutor {
  return async (context) => {
    const { training, view } = trainingViewOf(deps, context);
    const ingested = outputWith(context, ['versions', 'cutMs']);
    const versions = textsOf(ingested, 'versions');
    const cutMs = numberOf(ingested, 'cutMs');
    const from = training.windowMs === 0 ? {} : { fromMs: cutMs - training.windowMs };
    const table = await deps.features.buildFrame({
      projectId: context.project.id,
      view: view.name,
      versions,
      ...from,
      toMs: cutMs,
      maxRows: training.maxRows,
      seed: training.seed,
    });
    const fromMs = table.firstMomentMs ?? cutMs;
    const borders = bordersOf(training, { fromMs: Math.max(fromMs, cutMs - (training.windowMs || cutMs)), endMs: cutMs });
    return {
      frameDigest: table.digest,
      viewDigest: table.viewDigest,
      view: view.name,
      training: training.name,
      features: view.specs.map((spec) => ({ name: spec.name, kind: spec.kind })),
      rows: table.rows,
      labelled: table.labelled,
      borders: { ...borders },
      versions: { ...versions },
      text: `${String(table.rows)} moments with ${String(view.specs.length)} features, ${String(table.labelled)} of them labelled by the cut`,
    };
  };
}
