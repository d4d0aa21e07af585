import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openBlobFolder } from '#platform/blobs/folder';
import { writeFailed } from '../blob-errors.ts';
import { describeBlobStore } from '../blobs.contract.ts';

const root = mkdtempSync(join(tmpdir(), 'gyre-blob-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const fresh = (): string => mkdtempSync(join(root, 'blobs-'));

describeBlobStore('the blob store in a folder', () => openBlobFolder(fresh()));

describe('a blob folder', () => {
  test('keeps each blob in a read-only file named by its digest, and no other file', async () => {
    const folder = fresh();
    const blobs = await openBlobFolder(folder);
    await blobs.put(Buffer.from('hello'));
    const path = join(folder, 'sha256', '2c', 'f24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
    expect(statSync(path).mode & 0o777).toBe(0o444);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  test('gives an error and never wrong bytes when the file was changed or cut', async () => {
    const blobs = await openBlobFolder(fresh());
    const { digest } = await blobs.put(new Uint8Array(600_000).fill(1));
    const path = await blobs.stage(digest);
    const drain = async (): Promise<number> => {
      let sizeBytes = 0;
      for await (const chunk of await blobs.open(digest)) sizeBytes += chunk.length;
      return sizeBytes;
    };
    expect(await drain()).toBe(600_000);
    chmodSync(path, 0o644);
    truncateSync(path, 599_999);
    await expect(blobs.get(digest)).rejects.toMatchObject({ code: 'blobs/corrupt' });
    await expect(drain()).rejects.toMatchObject({ code: 'blobs/corrupt' });
    writeFileSync(path, new Uint8Array(600_000).fill(2));
    await expect(blobs.get(digest)).rejects.toMatchObject({ code: 'blobs/corrupt' });
  });

  test('a put heals a blob that was damaged', async () => {
    const blobs = await openBlobFolder(fresh());
    const { digest } = await blobs.put(Buffer.from('whole'));
    const path = await blobs.stage(digest);
    chmodSync(path, 0o644);
    writeFileSync(path, 'other');
    await blobs.put(Buffer.from('whole'));
    expect(Buffer.from(await blobs.get(digest)).toString()).toBe('whole');
  });

  test('passes the joints of a put in order', async () => {
    const hits: string[] = [];
    const blobs = await openBlobFolder(fresh(), {
      failpoints: {
        hit: (name) => {
          hits.push(name);
        },
      },
    });
    await blobs.put(Buffer.from('x'));
    expect(hits).toEqual(['blobs/before-rename', 'blobs/after-rename']);
  });

  test('removes what killed processes left long ago, and nothing younger', async () => {
    const folder = fresh();
    await openBlobFolder(folder);
    for (const name of ['old', 'young']) writeFileSync(join(folder, 'tmp', name), 'x');
    utimesSync(join(folder, 'tmp', 'old'), 1_000_000, 1_000_000);
    utimesSync(join(folder, 'tmp', 'young'), 1_080_000, 1_080_000);
    await openBlobFolder(folder, { nowMs: 1_090_000_000 });
    expect(readdirSync(join(folder, 'tmp'))).toEqual(['young']);
  });

  test('calls a full disk by its name', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(writeFailed(full)).toMatchObject({ kind: 'unavailable', code: 'blobs/disk-full' });
  });
});
