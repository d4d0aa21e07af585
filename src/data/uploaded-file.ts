import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { type Digest, digestOfHex, formatBytes, GyreError } from '#kernel';

/** Largest file of one append: 2 GB. */
export const LARGEST_FILE_BYTES = 2_000_000_000;

/** A file on the scratch disk. */
export interface UploadedFile {
  readonly path: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/**
 * Streams bytes to a scratch file.
 *
 * @param path - Where to; the caller removes it.
 * @param bytes - What comes in.
 * @returns The file with its digest and size.
 * @throws {@link GyreError} `data/file-too-large` as soon as there is too much, `data/no-rows` for nothing,
 * `data/disk-full`; the file is gone then.
 */
export async function receiveFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<UploadedFile> {
  const file = await open(path, 'w');
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const chunk of bytes) {
      sizeBytes += chunk.length;
      if (sizeBytes > LARGEST_FILE_BYTES) throw tooLarge();
      hash.update(chunk);
      // `write` alone may write a part, as it does just before a disk is full.
      await file.writeFile(chunk);
    }
    if (sizeBytes === 0) throw new GyreError({ kind: 'invalid', code: 'data/no-rows', message: 'the file is empty' });
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw isDiskFull(error) ? diskFull(error) : error;
  }
  await file.close();
  return { path, digest: digestOfHex(hash.digest('hex')), sizeBytes };
}

function isDiskFull(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Makes the error of an upload or a table for which the disk has no room. */
export function diskFull(cause?: unknown): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'data/disk-full',
    message: 'the disk of the store is full, and nothing was appended',
    help: 'free some space; the server goes on by itself',
    cause,
  });
}

function tooLarge(): GyreError {
  return new GyreError({
    kind: 'too-large',
    code: 'data/file-too-large',
    message: `the file is larger than ${formatBytes(LARGEST_FILE_BYTES)}; append it in pieces`,
  });
}
