import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** What was written. */
export interface WrittenFile {
  /** 64 hex digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * Writes a new file and brings it to stable storage.
 *
 * @param path - Must not exist.
 * @param bytes - From memory, or as they come.
 * @returns Hash and size of what was written.
 */
export async function writeChunks(path: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<WrittenFile> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx');
  let sizeBytes = 0;
  const write = async (chunk: Uint8Array): Promise<void> => {
    hash.update(chunk);
    for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
    sizeBytes += chunk.length;
  };
  try {
    if (bytes instanceof Uint8Array) await write(bytes);
    else for await (const chunk of bytes) await write(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}
