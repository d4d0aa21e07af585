import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '#kernel';
import type { BlobRef, BlobStore } from '#platform/blobs';
import { digestOfBytes } from '#platform/digest';
import { missingBlob, writeFailed } from '../blob-errors.ts';

/**
 * Makes a blob store that forgets everything with the process: for tests and trials.
 *
 * @returns The store; only what is staged touches the disk, in a folder that goes with the process.
 * @example
 * ```ts
 * const blobs = createMemoryBlobs();
 * const { digest } = await blobs.put(new Uint8Array([1, 2]));
 * [...(await blobs.get(digest))]; // => [1, 2]
 * ```
 */
export function createMemoryBlobs(): BlobStore {
  const kept = new Map<Digest, Uint8Array>();
  const stage = stageFolder();
  const find = (digest: Digest): Uint8Array => {
    const bytes = kept.get(digest);
    if (bytes === undefined) throw missingBlob(digest);
    return bytes;
  };
  const keep = (bytes: Uint8Array): BlobRef => {
    const digest = digestOfBytes(bytes);
    if (!kept.has(digest)) kept.set(digest, bytes);
    return { digest, sizeBytes: bytes.length };
  };
  return {
    put: async (bytes) => keep(bytes instanceof Uint8Array ? bytes.slice() : await collect(bytes)),
    putFile: async (path, { consume }) => {
      try {
        const ref = keep(new Uint8Array(await readFile(path)));
        if (consume) await rm(path);
        return ref;
      } catch (error) {
        throw writeFailed(error);
      }
    },
    get: async (digest) => find(digest).slice(),
    open: async (digest) => oneChunk(find(digest).slice()),
    stage: async (digest) => {
      const path = join(stage(), digest.slice('sha256:'.length));
      await writeFile(path, find(digest));
      return path;
    },
    stat: async (digest) => {
      const bytes = kept.get(digest);
      return bytes === undefined ? undefined : { digest, sizeBytes: bytes.length };
    },
  };
}

function stageFolder(): () => string {
  let folder: string | undefined;
  return () => {
    if (folder !== undefined) return folder;
    const made = mkdtempSync(join(tmpdir(), 'gyre-blobs-'));
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
    return made;
  };
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return new Uint8Array(Buffer.concat(parts));
}

async function* oneChunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
