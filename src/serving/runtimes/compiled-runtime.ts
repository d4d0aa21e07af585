import type { Digest } from '#kernel';
import type { BlobStore } from '#platform/blobs';
import { compileModel, parseModel } from '#training';
import type { LoadedModel, ModelRuntime } from '../model-runtime.ts';

/**
 * Makes the runtime that needs nothing: models of Gyre's own trainers, evaluated by compiled JavaScript.
 *
 * @param blobs - Where model files are.
 * @returns The runtime; loading reads the whole blob and checks its digest.
 */
export function createCompiledRuntime(blobs: Pick<BlobStore, 'get'>): ModelRuntime {
  return {
    load: async (modelDigest) => loadCompiledModel(await blobs.get(modelDigest), modelDigest),
  };
}

/**
 * Makes a model ready to answer out of its bytes.
 *
 * @param bytes - A model document.
 * @param digest - SHA-256 of the bytes.
 * @returns The model; its one output is `probability` for labels 0 and 1, else `value`.
 * @throws {@link GyreError} `training/bad-model` when the bytes are no model.
 */
export function loadCompiledModel(bytes: Uint8Array, digest: Digest): LoadedModel {
  const compiled = compileModel(parseModel(bytes));
  const width = compiled.inputs.length;
  const single = new Float32Array(width);
  return {
    digest,
    platform: 'compiled-js',
    inputs: compiled.inputs,
    outputNames: [compiled.model.task === 'binary' ? 'probability' : 'value'],
    encodeLevel: compiled.encodeLevel,
    predict: (rows, nRows, out) => {
      if (nRows === 1 && rows.length === width) {
        out[0] = compiled.predictEncoded(rows);
        return;
      }
      for (let row = 0; row < nRows; row += 1) {
        for (let input = 0; input < width; input += 1) single[input] = rows[row * width + input] ?? Number.NaN;
        out[row] = compiled.predictEncoded(single);
      }
    },
  };
}
