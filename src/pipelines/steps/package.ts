import { formatBytes, parseDigest } from '#kernel';
import { exportOnnx } from '#packaging';
import { parseModel } from '#training';
import { outputWith, textOf } from './outputs.ts';
import { type BuiltInDeps, PIPELINE_PRINCIPAL, type StepExecutor } from './step.ts';

/** Makes the step `package`: writes the registered version as ONNX and adds the file to it. */
export function packageStep(deps: Pick<BuiltInDeps, 'platform' | 'registry'>): StepExecutor {
  return async (context) => {
    const registered = outputWith(context, ['versionId', 'digest']);
    const model = parseModel(await deps.platform.blobs.get(parseDigest(textOf(registered, 'digest'))));
    const blob = await deps.platform.blobs.put(exportOnnx(model));
    deps.platform.failpoint('pipelines/package-stored');
    await deps.platform.database.transaction(async (tx) => {
      await context.effect.guard(tx);
      await deps.registry.addFile(tx, textOf(registered, 'versionId'), {
        path: 'model.onnx',
        ...blob,
        actor: PIPELINE_PRINCIPAL,
      });
    });
    return { onnxDigest: blob.digest, sizeBytes: blob.sizeBytes, text: `model.onnx, ${formatBytes(blob.sizeBytes)}` };
  };
}
