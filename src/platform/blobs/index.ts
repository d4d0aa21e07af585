/**
 * Immutable bytes by their SHA-256: artifacts, dataset parts, model files, prediction segments.
 *
 * @module
 */
export type { BlobRef, BlobStore } from './blobs.ts';
