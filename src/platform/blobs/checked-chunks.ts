import { createHash } from 'node:crypto';

/** A stream that is hashed while it is read. */
export interface CheckedChunks {
  readonly stream: AsyncIterable<Uint8Array>;
  /** SHA-256 of everything read, 64 hex digits; to be asked once, behind the last chunk. */
  sha256(): string;
}

/**
 * Hashes a stream while someone reads it.
 *
 * @param source - Chunks of bytes.
 * @returns The same chunks, and their hash afterwards.
 */
export function checkedChunks(source: AsyncIterable<Uint8Array>): CheckedChunks {
  const hash = createHash('sha256');
  async function* pass(): AsyncIterable<Uint8Array> {
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
  }
  return { stream: pass(), sha256: () => hash.digest('hex') };
}
