import type { Digest } from '#kernel';

/** Identity and size of stored bytes. */
export interface BlobRef {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/**
 * Content-addressed storage of immutable bytes.
 *
 * Laws of every adapter (`blobs.contract.ts`):
 * 1. A `put` resolves only after the bytes are on stable storage (temporary file, fsync, rename, fsync of the folder); a row that names a blob is written after it.
 * 2. The same bytes put twice are stored once and give the same digest; concurrent puts of the same bytes both succeed.
 * 3. Reading checks nothing was lost: a size that differs, or (in `get`) a digest that differs, throws `blobs/corrupt`, never wrong bytes.
 * 4. A put that fails leaves nothing visible.
 */
export interface BlobStore {
  /** Stores bytes from memory or a stream. */
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobRef>;
  /** Stores a local file by moving (`consume`) or copying it. */
  putFile(path: string, options: { readonly consume: boolean }): Promise<BlobRef>;
  /** Reads a whole blob and checks its digest; throws `blobs/not-found`. */
  get(digest: Digest): Promise<Uint8Array>;
  /** Reads a blob as a stream of chunks; throws `blobs/not-found` before the first chunk. */
  open(digest: Digest): Promise<AsyncIterable<Uint8Array>>;
  /** Gives a local read-only path that holds the blob, for engines that read files; valid until the process ends. */
  stage(digest: Digest): Promise<string>;
  /** Tells size, or undefined when there is no such blob. */
  stat(digest: Digest): Promise<BlobRef | undefined>;
}
