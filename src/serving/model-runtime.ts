import type { Digest } from '#kernel';

/** One value a model reads per row, in the order of an encoded row. */
export interface ModelInput {
  readonly name: string;
  readonly kind: 'number' | 'category';
}

/** A model in memory, ready to answer. */
export interface LoadedModel {
  /** SHA-256 of the bytes that were really loaded: what an endpoint proves that it serves. */
  readonly digest: Digest;
  /** What it runs on, for people: `compiled-js`, `onnxruntime`. */
  readonly platform: string;
  readonly inputs: readonly ModelInput[];
  /** Names of the outputs, one double each a row; the first is the score that is logged, such as `probability`. */
  readonly outputNames: readonly [string, ...string[]];
  /** Turns the text of a category into the float32 that stands for it in an encoded row; undefined is missing, an unseen text has a value too. */
  encodeLevel(input: number, text: string | undefined): number;
  /**
   * Scores encoded rows; synchronous, never throws for buffers of the right size.
   *
   * `rows` holds `nRows` rows one after the other, each with a float32 per input: a number as it is (NaN is missing), a
   * category as {@link LoadedModel.encodeLevel} gave it. Writes `out[row * outputNames.length + output]`.
   */
  predict(rows: Float32Array, nRows: number, out: Float64Array): void;
}

/**
 * Loads models for serving.
 *
 * Laws: `load` reads and checks the bytes of the digest, and rejects with a GyreError when they are missing, damaged or no
 * model; the same digest may be loaded twice; a loaded model holds no lock and needs no closing.
 */
export interface ModelRuntime {
  /** Loads a model file by its digest. */
  load(modelDigest: Digest): Promise<LoadedModel>;
}
