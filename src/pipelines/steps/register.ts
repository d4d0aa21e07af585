import { parseDigest, shortDigest } from '#kernel';
import { bestOf } from './evaluate.ts';
import { numberOf, outputWith, textOf, textsOf } from './outputs.ts';
import { type BuiltInDeps, PIPELINE_PRINCIPAL, type StepExecutor } from './step.ts';
import { trainingViewOf } from './training-view.ts';

/** Makes the step `register`: the best candidate becomes a version, bound to the digests it was made from. */
export function registerStep(deps: Pick<BuiltInDeps, 'platform' | 'features' | 'training' | 'registry'>): StepExecutor {
  return async (context) => {
    const { training } = trainingViewOf(deps, context);
    const table = outputWith(context, ['frameDigest']);
    const evaluated = outputWith(context, ['evaluationId']);
    const best = bestOf(context);
    const digest = parseDigest(textOf(best, 'modelDigest'));
    const version = await deps.platform.database.transaction(async (tx) => {
      await context.effect.guard(tx);
      return deps.registry.registerVersion(tx, {
        projectId: context.project.id,
        model: training.model,
        digest,
        runId: textOf(best, 'runId'),
        evaluationId: textOf(evaluated, 'evaluationId'),
        frameDigest: parseDigest(textOf(table, 'frameDigest')),
        datasets: Object.entries(textsOf(table, 'versions')).map(([name, text]) => ({ name, digest: parseDigest(text) })),
        files: [{ path: 'model.json', digest, sizeBytes: numberOf(best, 'sizeBytes') }],
        actor: PIPELINE_PRINCIPAL,
      });
    });
    deps.platform.failpoint('pipelines/version-registered');
    return {
      model: version.model,
      version: version.number,
      versionId: version.id,
      digest: version.digest,
      kind: textOf(best, 'kind'),
      text: `registered as ${version.model} version ${String(version.number)}, digest ${shortDigest(version.digest)}`,
    };
  };
}
