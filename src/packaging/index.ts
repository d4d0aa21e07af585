/**
 * Turns trained models into files that other runtimes read. Now: ONNX graphs, written by a small writer of our own, with everything that stands between
 * raw inputs and the answer inside the graph.
 *
 * @example
 * ```ts
 * const features = [{ name: 'x', kind: 'number' as const }];
 * const model: Model = { format: 'gyre-model', version: 1, kind: 'prior', task: 'binary', features, encoders: [], value: 0.25 };
 * exportOnnx(model).length > 100; // => true
 * ```
 *
 * @module
 */
export { packagingErrors } from './errors.ts';
export { exportOnnx } from './export-onnx.ts';
