import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOfHex } from '#kernel';
import type { BlobRef, BlobStore } from '#platform/blobs';
import { digestOfBytes } from '#platform/digest';
import { type Failpoints, NO_FAILPOINTS } from '#platform/failpoint';
import { corruptBlob, missingBlob, writeFailed } from '../blob-errors.ts';
import { checkedChunks } from '../checked-chunks.ts';
import { writeChunks } from './write-chunks.ts';

/** Temporary files older than this belong to nobody any more. */
const LEFTOVER_AGE_MS = 24 * 3_600_000;

/** What the folder adapter can be told. */
export interface BlobFolderOptions {
  /** Joints around the rename. @defaultValue none */
  readonly failpoints?: Failpoints;
  /** Wall time, milliseconds since 1970, for finding leftovers of killed processes; absent leaves them alone. */
  readonly nowMs?: number;
}

/** Where things lie below the root: `sha256/ab/cdef…` for blobs, `tmp/` for what is being written. */
interface Places {
  readonly root: string;
  folderOf(digest: Digest): string;
  pathOf(digest: Digest): string;
  freshTemporary(): string;
}

/**
 * Opens a folder as a blob store; several servers may share one folder.
 *
 * @param folder - Root, made when absent.
 * @param options - Failpoints, and the time for cleaning up.
 * @returns The store.
 * @throws {@link GyreError} `blobs/write-failed` or `blobs/disk-full` when the folder cannot be made.
 */
export async function openBlobFolder(folder: string, options: BlobFolderOptions = {}): Promise<BlobStore> {
  const places = placesIn(folder);
  const failpoints = options.failpoints ?? NO_FAILPOINTS;
  try {
    await mkdir(join(folder, 'sha256'), { recursive: true });
    await mkdir(join(folder, 'tmp'), { recursive: true });
    await syncFolder(folder);
  } catch (error) {
    throw writeFailed(error);
  }
  if (options.nowMs !== undefined) await removeLeftovers(join(folder, 'tmp'), options.nowMs);
  return {
    put: (bytes) => putBytes(places, failpoints, bytes),
    putFile: (path, { consume }) => putFile({ places, failpoints, path, consume }),
    get: (digest) => getWhole(places, digest),
    open: (digest) => openStream(places, digest),
    stage: async (digest) => {
      if ((await sizeOf(places.pathOf(digest))) === undefined) throw missingBlob(digest);
      return places.pathOf(digest);
    },
    stat: async (digest) => {
      const sizeBytes = await sizeOf(places.pathOf(digest));
      return sizeBytes === undefined ? undefined : { digest, sizeBytes };
    },
  };
}

function placesIn(root: string): Places {
  const hexOf = (digest: Digest): string => digest.slice('sha256:'.length);
  const folderOf = (digest: Digest): string => join(root, 'sha256', hexOf(digest).slice(0, 2));
  return {
    root,
    folderOf,
    pathOf: (digest) => join(folderOf(digest), hexOf(digest).slice(2)),
    freshTemporary: () => join(root, 'tmp', randomUUID()),
  };
}

async function putBytes(places: Places, failpoints: Failpoints, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobRef> {
  const temporary = places.freshTemporary();
  try {
    const written = await writeChunks(temporary, bytes);
    const ref = { digest: digestOfHex(written.sha256), sizeBytes: written.sizeBytes };
    await settle({ places, failpoints, temporary, ref });
    return ref;
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeFailed(error);
  }
}

async function putFile(put: {
  readonly places: Places;
  readonly failpoints: Failpoints;
  readonly path: string;
  readonly consume: boolean;
}): Promise<BlobRef> {
  const { places, failpoints, path, consume } = put;
  const temporary = places.freshTemporary();
  try {
    if (consume) await moveFile(path, temporary);
    else await copyFile(path, temporary);
    // Hashed where nobody else writes, so that the digest is that of the bytes that stay.
    const ref = await readRef(temporary);
    await settle({ places, failpoints, temporary, ref });
    return ref;
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeFailed(error);
  }
}

async function readRef(path: string): Promise<BlobRef> {
  const file = await open(path, 'r');
  try {
    const chunks = checkedChunks(file.createReadStream({ autoClose: false, highWaterMark: 1 << 18 }));
    let sizeBytes = 0;
    for await (const chunk of chunks.stream) sizeBytes += chunk.length;
    await file.sync();
    return { digest: digestOfHex(chunks.sha256()), sizeBytes };
  } finally {
    await file.close();
  }
}

async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyFile(from, to);
    await rm(from);
  }
}

/** Gives the written file its name. The folder is synced also where the blob was there already: its writer may not have come so far. */
async function settle(write: {
  readonly places: Places;
  readonly failpoints: Failpoints;
  readonly temporary: string;
  readonly ref: BlobRef;
}): Promise<void> {
  const { places, failpoints, temporary, ref } = write;
  const folder = places.folderOf(ref.digest);
  const made = await mkdir(folder, { recursive: true });
  if (made !== undefined) await syncFolder(join(places.root, 'sha256'));
  await chmod(temporary, 0o444);
  await failpoints.hit('blobs/before-rename');
  await rename(temporary, places.pathOf(ref.digest));
  await failpoints.hit('blobs/after-rename');
  await syncFolder(folder);
}

async function getWhole(places: Places, digest: Digest): Promise<Uint8Array> {
  const bytes = await readFile(places.pathOf(digest)).catch((error: unknown) => {
    throw isAbsent(error) ? missingBlob(digest) : error;
  });
  if (digestOfBytes(bytes) !== digest) throw corruptBlob(digest);
  return bytes;
}

async function openStream(places: Places, digest: Digest): Promise<AsyncIterable<Uint8Array>> {
  const file = await open(places.pathOf(digest), 'r').catch((error: unknown) => {
    throw isAbsent(error) ? missingBlob(digest) : error;
  });
  return readChecked(file, digest);
}

async function* readChecked(file: FileHandle, digest: Digest): AsyncIterable<Uint8Array> {
  try {
    const chunks = checkedChunks(createReadStream('', { fd: file, autoClose: false, highWaterMark: 1 << 18 }));
    yield* chunks.stream;
    if (digestOfHex(chunks.sha256()) !== digest) throw corruptBlob(digest);
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function removeLeftovers(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && nowMs - found.mtimeMs > LEFTOVER_AGE_MS) await rm(path, { force: true });
  }
}
