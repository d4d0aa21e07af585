/**
 * Blobs in memory, for tests and trials.
 *
 * @example
 * ```ts
 * const { sizeBytes } = await createMemoryBlobs().put(new Uint8Array(3));
 * sizeBytes; // => 3
 * ```
 *
 * @module
 */
export { createMemoryBlobs } from './blob-memory.ts';
