import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { digestOfHex } from '#kernel';
import type { BlobStore } from '#platform/blobs';
import { digestOfBytes } from '#platform/digest';

async function* inChunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<number[]> {
  const all: number[] = [];
  for await (const chunk of chunks) all.push(...chunk);
  return all;
}

/**
 * Checks the laws of `BlobStore` on an adapter.
 *
 * @param name - Name of the adapter, for the report.
 * @param open - Opens an empty store for one test.
 */
export function describeBlobStore(name: string, open: () => Promise<BlobStore>): void {
  describe(`${name} keeps the laws of BlobStore`, () => {
    const place = mkdtempSync(join(tmpdir(), 'gyre-blob-contract-'));
    afterAll(() => rmSync(place, { recursive: true, force: true }));
    let blobs: BlobStore;
    beforeEach(async () => {
      blobs = await open();
    });
    const absent = digestOfHex('0'.repeat(64));

    test('bytes come back as they were put, whole and as a stream', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.integer({ min: 1, max: 999 }), async (bytes, size) => {
          const whole = await blobs.put(bytes);
          const streamed = await blobs.put(inChunks(bytes, size));
          expect(whole).toEqual({ digest: digestOfBytes(bytes), sizeBytes: bytes.length });
          expect(streamed).toEqual(whole);
          expect([...(await blobs.get(whole.digest))]).toEqual([...bytes]);
          expect(await readAll(await blobs.open(whole.digest))).toEqual([...bytes]);
        }),
        { numRuns: 20 },
      );
    });

    test('what is changed after the put does not change the blob', async () => {
      const bytes = new Uint8Array([1, 2, 3]);
      const { digest } = await blobs.put(bytes);
      bytes[0] = 9;
      const got = await blobs.get(digest);
      got[1] = 9;
      expect([...(await blobs.get(digest))]).toEqual([1, 2, 3]);
    });

    test('the same bytes put many times at once give one digest, and every put succeeds', async () => {
      const bytes = new Uint8Array(100_000).fill(7);
      const refs = await Promise.all(Array.from({ length: 12 }, () => blobs.put(bytes)));
      expect(new Set(refs.map((ref) => ref.digest)).size).toBe(1);
      expect((await blobs.get(digestOfBytes(bytes))).length).toBe(100_000);
    });

    test('an absent digest is refused by name, or has no size', async () => {
      await expect(blobs.get(absent)).rejects.toMatchObject({ code: 'blobs/not-found', kind: 'not-found' });
      await expect(blobs.open(absent)).rejects.toMatchObject({ code: 'blobs/not-found' });
      await expect(blobs.stage(absent)).rejects.toMatchObject({ code: 'blobs/not-found' });
      expect(await blobs.stat(absent)).toBeUndefined();
    });

    test('stat tells the size', async () => {
      const ref = await blobs.put(new Uint8Array(17));
      expect(await blobs.stat(ref.digest)).toEqual(ref);
    });

    test('a put whose source fails leaves nothing visible', async () => {
      async function* failing(): AsyncIterable<Uint8Array> {
        yield new Uint8Array([1]);
        throw new Error('the client went away');
      }
      await expect(blobs.put(failing())).rejects.toThrow('the client went away');
      expect(await blobs.stat(digestOfBytes(new Uint8Array([1])))).toBeUndefined();
    });

    test('a file is stored by copying or by moving', async () => {
      const path = join(place, 'source');
      writeFileSync(path, 'text of a file');
      const copied = await blobs.putFile(path, { consume: false });
      expect(existsSync(path)).toBe(true);
      const moved = await blobs.putFile(path, { consume: true });
      expect(existsSync(path)).toBe(false);
      expect(moved).toEqual(copied);
      expect(Buffer.from(await blobs.get(moved.digest)).toString()).toBe('text of a file');
      await expect(blobs.putFile(path, { consume: true })).rejects.toMatchObject({ code: 'blobs/write-failed' });
    });

    test('a staged blob can be read as a file', async () => {
      const { digest } = await blobs.put(Buffer.from('a,b\n1,2\n'));
      expect(readFileSync(await blobs.stage(digest), 'utf8')).toBe('a,b\n1,2\n');
    });
  });
}
