/** Rows and files that are wrong, through the doors a user has: each is refused with a word, and nothing of it is kept. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Door, JSON_TYPE, openDoor } from '../fixtures/door.ts';
import { SHOP, visit } from '../fixtures/shop.ts';

let door: Door;

beforeAll(async () => {
  door = await openDoor();
});

afterEach(async () => {
  await door.assertUntouched();
});

afterAll(async () => {
  await door.server.close();
});

const LONG = 50_000_000;
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52);
const ROWS = `/api/v1/projects/${SHOP}/datasets/visits/rows`;
const FILES = `/api/v1/projects/${SHOP}/datasets/visits/files`;

describe('rows as JSON', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['an unknown key', { ...(visit() as object), colums: {} }, 'http/unknown-field', /colums.*did you mean \\"columns\\"/],
    ['a wrong type for the whole', { columns: [] }, 'http/invalid', /columns/],
    ['a scalar for a column', { columns: { visit: 'w1' } }, 'http/invalid', /columns/],
    ['missing columns', { columns: { visit: ['w1'] } }, 'data/missing-column', /\\"at\\", \\"shop\\"/],
    ['an unknown column', visit({ shp: ['north'] }), 'data/unknown-column', /did you mean \\"shop\\"/],
    ['columns of unequal length', visit({ amount: [1, 2] }), 'data/ragged-columns', /2 values/],
    ['no rows', visit({ visit: [], at: [], shop: [], amount: [], items: [] }), 'data/no-rows', /no rows/],
    ['a text for a number', visit({ amount: ['10'] }), 'data/bad-value', /row 1/],
    ['an object for a number', visit({ amount: [{ value: 10 }] }), 'data/bad-value', /row 1/],
    ['infinity under a check', visit({ amount: ['Infinity'] }), 'data/check-failed', /amount/],
    ['a misspelt infinity', visit({ amount: ['inf'] }), 'data/bad-value', /inf/],
    ['an integer beyond 2^53 as a number', visit({ items: [2 ** 53] }), 'data/bad-value', /as text/],
    ['an integer beyond 64 bits', visit({ items: ['9223372036854775808'] }), 'data/bad-value', /row 1/],
    ['a time without a zone', visit({ at: ['2020-03-02T00:00:00'] }), 'data/bad-value', /RFC 3339/],
    ['a day that does not exist', visit({ at: ['2020-02-30'] }), 'data/bad-value', /RFC 3339/],
    ['a time out of all ranges', visit({ at: [1e300] }), 'data/bad-value', /row 1/],
    ['a missing time', visit({ at: [null] }), 'data/', /at/],
    ['half a character', visit({ shop: ['\ud800'] }), 'data/bad-value', /row 1/],
    ['a row that breaks a check', visit({ amount: [5000] }), 'data/check-failed', /5000/],
  ])('with %s are refused', async (_what, body, code, words) => {
    const { status, code: said, text } = await door.post(ROWS, body);

    expect([400, 422], text).toContain(status);
    expect(said).toContain(code);
    expect(text).toMatch(words);
  });

  test('name every value that is wrong, not only the first', async () => {
    const rows = { visit: ['a', 'b'], at: ['never', 1], shop: ['north', 7], amount: ['x', 1], items: [1, 1.5] };
    const { problem } = await door.post(ROWS, { columns: rows });

    expect(problem.errors?.map(({ pointer }) => pointer.split('/')[2]).sort()).toEqual(['amount', 'at', 'items', 'shop']);
  });

  test.each([
    ['an array', '[]'],
    ['a word', '"columns"'],
    ['null', 'null'],
    ['NaN, which JSON has not', '{"columns":{"amount":[NaN]}}'],
    ['half of it', '{"columns":{"amount":[1'],
    ['two documents', '{} {}'],
    ['bytes that are no text', '\u0000\u0001'],
    ['nothing', ''],
    ['a key that poisons', '{"columns":{"__proto__":{"visit":["w1"]}}}'],
    ['a key of the constructor', '{"constructor":{"prototype":{"x":1}},"columns":{}}'],
    ['a hundred thousand brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['deep objects', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`],
  ])('that are %s are refused', async (_what, body) => {
    const { status, code } = await door.post(ROWS, body);

    expect(status).toBe(400);
    expect(code).toMatch(/^http\//);
  });

  test('that say one column twice are not mixed: the last is taken whole, as JSON has it', async () => {
    const { status, code } = await door.post(ROWS, '{"columns":{"visit":["w1"]},"columns":{"visit":["w2"]}}');

    expect([status, code]).toEqual([400, 'data/missing-column']);
  });

  test('of 50 MB in one line are refused by their size, announced or not', async () => {
    const body = JSON.stringify(visit({ shop: ['x'.repeat(LONG)] }));
    const announced = await door.post(ROWS, body);
    const streamed = await fetch(`${door.server.url}${ROWS}`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit);

    expect([announced.status, announced.code]).toEqual([413, 'http/body-too-large']);
    expect(streamed.status).toBe(413);
  });
});

describe('a file', () => {
  const header = 'visit,at,shop,amount,items\n';
  const good = 'w1,2020-03-02T00:00:00Z,north,10,1\n';

  test.each<[string, string, string | Uint8Array, string]>([
    ['that is empty', 'csv', '', 'data/no-rows'],
    ['of a header alone', 'csv', header, 'data/no-rows'],
    ['with a short line', 'csv', `${header}${good}w2,2020-03-02T00:00:00Z\n`, 'data/unreadable-file'],
    ['with a long line', 'csv', `${header}w1,2020-03-02T00:00:00Z,north,10,1,2\n`, 'data/'],
    ['with a missing column', 'csv', 'visit,at,shop,amount\nw1,2020-03-02,north,10\n', 'data/missing-column'],
    ['with an unknown column', 'csv', 'visit,at,shop,amount,items,more\nw1,2020-03-02,north,10,1,1\n', 'data/unknown-column'],
    ['with a column twice', 'csv', 'visit,at,shop,amount,items,shop\nw1,2020-03-02,north,10,1,x\n', 'data/'],
    ['with a wrong value', 'csv', `${header}w1,2020-03-02T00:00:00Z,north,ten,1\n`, 'data/bad-value'],
    ['with an integer beyond 64 bits', 'csv', `${header}w1,2020-03-02,north,10,9223372036854775808\n`, 'data/bad-value'],
    ['with a time without a zone', 'csv', `${header}w1,2020-03-02T00:00:00,north,10,1\n`, 'data/bad-value'],
    ['with infinity under a check', 'csv', `${header}w1,2020-03-02,north,Infinity,1\n`, 'data/check-failed'],
    ['with an open quote', 'csv', `${header}"w1,2020-03-02,north,10,1\n`, 'data/'],
    ['with zero bytes', 'csv', new Uint8Array(4096), 'data/'],
    ['that is a PNG', 'csv', PNG, 'data/'],
    ['with one line of 50 MB', 'csv', `${header}${'a'.repeat(LONG)},2020-03-02,north,10,1\n`, 'data/unreadable-file'],
    ['with one line of 50 MB', 'ndjson', `{"visit":"${'a'.repeat(LONG)}"}\n`, 'data/unreadable-file'],
    ['with broken JSON', 'ndjson', '{"visit":"w1"\n', 'data/unreadable-file'],
    ['of lists', 'ndjson', '[1]\n[2]\n', 'data/unreadable-file'],
    ['that is empty', 'ndjson', '', 'data/no-rows'],
    ['that is a PNG', 'parquet', PNG, 'data/unreadable-file'],
    ['that is empty', 'parquet', '', 'data/'],
    ['that only begins and ends like one', 'parquet', 'PAR1aaaaaaaaPAR1', 'data/unreadable-file'],
  ])('%s (%s) is refused', async (_what, format, content, code) => {
    const body = typeof content === 'string' ? content : Buffer.from(content);
    const answer = await door.ask(`${FILES}?format=${format}`, { method: 'POST', body, headers: { 'content-type': 'text/csv' } });

    expect([400, 422], answer.text).toContain(answer.status);
    expect(answer.code).toContain(code);
    expect(answer.text).not.toMatch(/\/tmp|scratch|tables\//);
  });

  test.each([0.2, 0.5, 0.9, 0.999])('of Parquet that ends after %f of itself is refused', async (share) => {
    const whole = await parquetOfVisits();
    const body = new Blob([whole.subarray(0, Math.floor(whole.length * share))]);
    const answer = await door.ask(`${FILES}?format=parquet`, { method: 'POST', body });

    expect([answer.status, answer.code], answer.text).toEqual([400, 'data/unreadable-file']);
  });

  test('of Parquet with a damaged page is refused', async () => {
    const damaged = await parquetOfVisits();
    damaged.fill(0xee, 20, 400);
    const answer = await door.ask(`${FILES}?format=parquet`, { method: 'POST', body: new Blob([damaged]) });

    expect([400, 422], answer.text).toContain(answer.status);
  });

  test.each([
    ['of an unknown format', '?format=xlsx', /csv/],
    ['without a format', '', /format/],
    ['with a batch that climbs', '?format=csv&batch=../../x', /batch/],
    ['with a query twice', '?format=csv&format=csv', /twice/],
  ])('%s is refused', async (_what, query, words) => {
    const answer = await door.ask(`${FILES}${query}`, { method: 'POST', body: `${header}${good}` });

    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(words);
  });
});

async function parquetOfVisits(): Promise<Buffer<ArrayBuffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'gyre-bad-input-'));
  const path = join(folder, 'visits.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `COPY (SELECT 'p' || i AS visit, TIMESTAMP '2020-03-02' AS at, 'north' AS shop, i::DOUBLE AS amount, i AS items FROM range(500) t(i)) TO '${path}' (FORMAT parquet)`,
  );
  connection.closeSync();
  const bytes = Buffer.from(await readFile(path));
  await rm(folder, { recursive: true });
  return bytes;
}
