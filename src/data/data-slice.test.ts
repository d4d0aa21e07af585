import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnOf, type Frame, isGyreError } from '#kernel';
import type { AppendedBatch } from './append.ts';
import { aDataHouse, bytesOf, type DataHouse } from './data.fixtures.ts';
import type { VersionProfile } from './profile.ts';

const HOUR = 3_600_000;
const flights = {
  id: 'id',
  eventTime: 'at',
  knownTime: 'known',
  columns: { id: 'text', at: 'time', known: 'time', origin: 'category', delay: 'number', seats: 'integer', late: 'boolean' },
  checks: [
    { column: 'origin', matches: '^[A-Z]{3}$' },
    { column: 'delay', between: [-120, 1200], onBreach: 'quarantine', name: 'wrapped' },
    { column: 'seats', between: [1, null], onBreach: 'warn' },
  ],
};

let house: DataHouse;
let serial = 0;

beforeAll(async () => {
  house = await aDataHouse({ flights });
});
afterAll(() => house.close());

/** A dataset of its own for each test. */
function fresh(overrides: object = {}): string {
  serial += 1;
  const name = `flights-${String(serial)}`;
  house.declare({ flights, [name]: { ...flights, ...overrides } });
  return name;
}

function rows(ids: readonly string[], overrides: Readonly<Record<string, readonly unknown[]>> = {}) {
  return {
    id: ids,
    at: ids.map((_, row) => row * HOUR),
    known: ids.map((_, row) => (row + 1) * HOUR),
    origin: ids.map(() => 'SFO'),
    delay: ids.map((_, row) => row - 0.5),
    seats: ids.map(() => 100),
    late: ids.map((_, row) => row % 2 === 0),
    ...overrides,
  };
}

async function idsOf(digest: string): Promise<readonly string[]> {
  const version = await house.platform.database.read((tx) => house.data.version(tx, digest));
  const staged = await house.data.stageVersion(version.digest);
  const frame = await house.data.engine.query(`SELECT id FROM ${staged.relation} ORDER BY id`);
  return textsOf(frame, 'id');
}

function textsOf(frame: Frame, name: string): readonly string[] {
  const column = columnOf(frame, name);
  return Array.from(column.values, (code) => (column.kind === 'levels' ? (column.levels[code] ?? '') : String(code)));
}

describe('an append', () => {
  test('is durable, told to listeners, and in the next version', async () => {
    const dataset = fresh();
    const told: AppendedBatch[] = [];
    const stop = house.data.onBatch((batch) => void told.push(batch));

    const receipt = await house.data.appendRows({ projectId: 'p', dataset }, rows(['a', 'b', 'c']));
    stop();

    expect(receipt).toMatchObject({ number: 1, rows: 3, quarantined: 0, replayed: false });
    expect(told).toHaveLength(1);
    expect(textsOf(told[0]?.frame ?? { nRows: 0, columns: [] }, 'id')).toEqual(['a', 'b', 'c']);
    const version = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 100 * HOUR });
    expect(version).toMatchObject({ number: 1, rows: 3 });
    expect(await idsOf(version.digest)).toEqual(['a', 'b', 'c']);
  });

  test('under a name counts once, and other rows under that name are refused', async () => {
    const dataset = fresh();
    const target = { projectId: 'p', dataset, batch: 'hour-1' };

    const first = await house.data.appendRows(target, rows(['a'], { delay: [5000] }));
    const again = await house.data.appendRows(target, rows(['a'], { delay: [5000] }));

    expect(first).toMatchObject({ rows: 0, quarantined: 1 });
    expect(again).toEqual({ ...first, replayed: true });
    await expect(house.data.appendRows(target, rows(['b']))).rejects.toMatchObject({
      kind: 'conflict',
      code: 'data/batch-differs',
    });
    const csv = 'id,at,known,origin,delay,seats,late\nq,0,1,SFO,1,2,true\n';
    const file = await house.data.appendFile({ projectId: 'p', dataset, batch: 'file' }, 'csv', bytesOf(csv));
    expect(await house.data.appendFile({ projectId: 'p', dataset, batch: 'file' }, 'csv', bytesOf(csv))).toEqual({
      ...file,
      replayed: true,
    });
  });

  test.each([
    ['a missing column', { id: ['a'] }, 'data/missing-column', /"at", "known", "origin"/],
    ['an unknown column, with the nearest name', rows(['a'], { dealy: [1] }), 'data/unknown-column', /did you mean "delay"/],
    ['columns of unequal length', rows(['a'], { delay: [1, 2] }), 'data/ragged-columns', /"delay" has 2/],
    ['no rows', rows([]), 'data/no-rows', /no rows/],
    ['a text in a number', rows(['a'], { delay: ['12'] }), 'data/bad-value', /column "delay", row 1: "12" is not a number/],
    ['a fraction in an integer', rows(['a'], { seats: [1.5] }), 'data/bad-value', /row 1: 1.5 is not a whole number/],
    ['a number beyond 2^53 in an integer', rows(['a'], { seats: [2 ** 53] }), 'data/bad-value', /as text/],
    ['a time without a zone', rows(['a'], { at: ['2001-01-01T00:00:00'] }), 'data/bad-value', /RFC 3339/],
    ['the 30th of February', rows(['a'], { at: ['2001-02-30'] }), 'data/bad-value', /RFC 3339/],
    ['a number for a boolean', rows(['a'], { late: [1] }), 'data/bad-value', /true or false/],
    ['half a character', rows(['a'], { origin: ['\ud800'] }), 'data/bad-value', /not a text/],
    ['a missing id', rows(['a'], { id: [null] }), 'data/check-failed', /id is not missing/],
    [
      'a row that breaks a failing check',
      rows(['a', 'b'], { origin: ['SFO', 'sfo'] }),
      'data/check-failed',
      /first row 2 with "sfo"/,
    ],
  ])('is refused for %s and leaves nothing', async (_what, columns, code, message) => {
    const dataset = fresh();

    const append = house.data.appendRows({ projectId: 'p', dataset }, columns);

    await expect(append).rejects.toSatisfy((error) => isGyreError(error, code) && message.test(error.message));
    const version = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 100 * HOUR });
    expect(version.rows + version.quarantined.rows).toBe(0);
  });

  test('is refused for an unknown dataset and for a column whose type changed', async () => {
    const dataset = fresh();
    await expect(house.data.appendRows({ projectId: 'p', dataset: 'fligths' }, {})).rejects.toThrow(/did you mean "flights"/);
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['a']));
    house.declare({ [dataset]: { ...flights, columns: { ...flights.columns, delay: 'integer' } } });
    const changed = house.data.appendRows({ projectId: 'p', dataset }, rows(['b'], { delay: [1] }));
    await expect(changed).rejects.toMatchObject({ code: 'data/schema-changed' });
  });

  test('keeps whole numbers of 64 bits to the last digit', async () => {
    const dataset = fresh();
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['a', 'b'], { seats: ['9223372036854775807', 7] }));
    const version = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 100 * HOUR });
    const { relation } = await house.data.stageVersion(version.digest);
    const frame = await house.data.engine.query(`SELECT seats::VARCHAR AS seats FROM ${relation} ORDER BY id`);
    expect(textsOf(frame, 'seats')).toEqual(['9223372036854775807', '7']);
  });

  test('tells listeners the batches of a dataset in the order of their numbers', async () => {
    const dataset = fresh();
    const told: string[] = [];
    const stop = house.data.onBatch((batch) => void told.push(...textsOf(batch.frame, 'id')));
    const receipts = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((id) => house.data.appendRows({ projectId: 'p', dataset }, rows([id]))),
    );
    stop();
    const byNumber = [...receipts].sort((left, right) => left.number - right.number);
    expect(byNumber.map((receipt) => receipt.number)).toEqual([1, 2, 3, 4, 5]);
    expect(told).toHaveLength(5);
    expect(told).toEqual(byNumber.map((receipt) => ['a', 'b', 'c', 'd', 'e'][receipts.indexOf(receipt)]));
  });
});

describe('a file', () => {
  const header = 'id,at,known,origin,delay,seats,late\n';

  test.each([
    ['csv', `${header}a,2001-01-01T00:00:00Z,2001-01-01T02:00:00+01:00,SFO,1.5,,true\n"b",0,3600000,"SFO",NaN,7,false\n`],
    [
      'ndjson',
      '{"id":"a","at":"2001-01-01T00:00:00Z","known":"2001-01-01T02:00:00+01:00","origin":"SFO","delay":1.5,"seats":null,"late":true}\n{"id":"b","at":0,"known":3600000,"origin":"SFO","delay":"NaN","seats":7,"late":false}\n',
    ],
  ] as const)('of %s is typed like JSON columns', async (format, text) => {
    const dataset = fresh();
    const told: AppendedBatch[] = [];
    const stop = house.data.onBatch((batch) => void told.push(batch));

    const receipt = await house.data.appendFile({ projectId: 'p', dataset }, format, bytesOf(text));
    stop();

    expect(receipt).toMatchObject({ rows: 2, quarantined: 0 });
    const frame = told[0]?.frame ?? { nRows: 0, columns: [] };
    expect(textsOf(frame, 'id')).toEqual(['b', 'a']);
    expect(columnOf(frame, 'at').values).toEqual(Float64Array.of(0, 978307200000));
    expect(columnOf(frame, 'known').values).toEqual(Float64Array.of(3600000, 978310800000));
    expect(columnOf(frame, 'delay').values).toEqual(Float64Array.of(Number.NaN, 1.5));
    expect(columnOf(frame, 'seats').values).toEqual(Float64Array.of(7, Number.NaN));
    expect(columnOf(frame, 'late').values).toEqual(Float64Array.of(0, 1));
  });

  test('of Parquet takes times without zone as UTC and any whole number as an id', async () => {
    const dataset = fresh();
    const path = await house.data.engine.freshPath('parquet');
    await house.data.engine.session((session) =>
      session.run(
        `COPY (SELECT i AS id, TIMESTAMP '2001-01-01 00:00:00' + to_hours(i) AS at, TIMESTAMPTZ '2001-01-02 00:00:00+00' AS known, 'SFO' AS origin, i::INTEGER AS delay, i::DOUBLE AS seats, true AS late FROM range(1, 4) t(i)) TO '${path}' (FORMAT parquet)`,
      ),
    );
    const bytes = await import('node:fs/promises').then((fs) => fs.readFile(path));

    const receipt = await house.data.appendFile({ projectId: 'p', dataset }, 'parquet', bytesOf(bytes));

    expect(receipt.rows).toBe(3);
    const version = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: Date.UTC(2002, 0, 1) });
    expect(await idsOf(version.digest)).toEqual(['1', '2', '3']);
  });

  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);
  test.each([
    ['an empty file', 'csv', '', 'data/no-rows'],
    ['a header without rows', 'csv', header, 'data/no-rows'],
    ['a Parquet that is a PNG', 'parquet', png, 'data/unreadable-file'],
    ['a CSV that is a PNG', 'csv', png, 'data/'],
    ['ragged lines', 'csv', `${header}a,0,1,SFO,1,2,true\nb,0,1,SFO\n`, 'data/unreadable-file'],
    ['too many fields in a line', 'csv', `${header}a,0,1,SFO,1,2,true,extra\n`, 'data/'],
    ['an open quote', 'csv', `${header}"a,0,1,SFO,1,2,true\n`, 'data/'],
    ['missing columns', 'csv', 'id,at\na,0\n', 'data/missing-column'],
    ['unknown columns', 'csv', `${header.trim()},more\na,0,1,SFO,1,2,true,3\n`, 'data/unknown-column'],
    ['a wrong type, named with row and value', 'csv', `${header}a,0,1,SFO,1,2,true\nb,0,1,SFO,x7,2,true\n`, 'data/bad-value'],
    ['a line of 50 MB', 'csv', `${header}${'a'.repeat(50_000_000)},0,1,SFO,1,2,true\n`, 'data/unreadable-file'],
    ['a line of 50 MB of JSON', 'ndjson', `{"id":"${'a'.repeat(50_000_000)}"}\n`, 'data/unreadable-file'],
    ['broken JSON', 'ndjson', '{"id":"a"\n', 'data/unreadable-file'],
    ['lines that are no objects', 'ndjson', '[1]\n[2]\n', 'data/unreadable-file'],
    ['a failing check', 'csv', `${header}a,0,1,sfo,1,2,true\n`, 'data/check-failed'],
    ['bytes that are no text', 'csv', Uint8Array.of(...new TextEncoder().encode(header), 0xff, 0xfe, 0x2c, 0x0a), 'data/'],
  ] as const)('with %s is refused with a word and leaves nothing', async (_what, format, content, code) => {
    const dataset = fresh();

    const failure = await house.data.appendFile({ projectId: 'p', dataset }, format, bytesOf(content)).then(
      () => undefined,
      (error: unknown) => error,
    );

    if (!isGyreError(failure)) throw new Error(`not refused, but: ${String(failure)}`);
    expect(failure.code).toContain(code);
    expect(['invalid', 'unprocessable']).toContain(failure.kind);
    expect(failure.message).not.toMatch(/\/tmp|tables\//);
    const version = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 100 * HOUR });
    expect(version.rows + version.quarantined.rows).toBe(0);
  });
});

describe('a version', () => {
  test('has what was known before its cut; later facts wait for the next, which shares its parts', async () => {
    const dataset = fresh();
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['a', 'b', 'c', 'd']));

    const early = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 3 * HOUR });
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['late'], { known: [HOUR] }));
    const late = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 5 * HOUR });

    expect(await idsOf(early.digest)).toEqual(['a', 'b']);
    expect(await idsOf(late.digest)).toEqual(['a', 'b', 'c', 'd', 'late']);
    expect(late.manifest.parts[0]).toEqual(early.manifest.parts[0]);
    expect(await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 3 * HOUR })).toEqual(early);
    await expect(house.data.cutVersion({ projectId: 'p', dataset, cutMs: 4 * HOUR })).rejects.toMatchObject({
      code: 'data/cut-in-past',
    });
    expect((await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 6 * HOUR })).manifest.parts).toEqual(
      late.manifest.parts,
    );
  });

  test('has the same bytes for the same rows, whatever batches they came in', async () => {
    const one = fresh();
    await house.data.appendRows({ projectId: 'p', dataset: one }, rows(['a', 'b', 'c', 'd']));
    const first = await house.data.cutVersion({ projectId: 'p', dataset: one, cutMs: 9 * HOUR });
    const other = fresh();
    const all = rows(['a', 'b', 'c', 'd']);
    for (const row of [3, 1, 0, 2]) {
      const single = Object.fromEntries(Object.entries(all).map(([name, values]) => [name, [values[row]]]));
      await house.data.appendRows({ projectId: 'p', dataset: other }, single);
    }
    const second = await house.data.cutVersion({ projectId: 'p', dataset: other, cutMs: 9 * HOUR });
    expect(second.manifest.parts[0]?.digest).toBe(first.manifest.parts[0]?.digest);
  });

  test('sets repeated ids and broken rows aside, each with its reason, and says so in its checks', async () => {
    const dataset = fresh();
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['a', 'b', 'b'], { delay: [1, 5000, 2] }));
    await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 2 * HOUR });
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['a', 'e'], { seats: [0, 0] }));

    const version = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 9 * HOUR });

    expect(await idsOf(version.digest)).toEqual(['a', 'e']);
    expect(version.quarantined).toEqual({ rows: 3, reasons: { wrapped: 1, 'duplicate-id': 2 } });
    const bytes = await house.platform.blobs.get(version.profileDigest);
    const profile = JSON.parse(new TextDecoder().decode(bytes)) as VersionProfile;
    const results = Object.fromEntries(profile.checks.map((check) => [check.name, check]));
    expect(results['wrapped']).toMatchObject({ verdict: 'fail', breaches: 1, rows: 5, onBreach: 'quarantine' });
    expect(results['seats-between']).toMatchObject({ verdict: 'fail', breaches: 1, onBreach: 'warn' });
    expect(results['origin-matches']).toMatchObject({ verdict: 'pass', breaches: 0 });
    expect(profile.columns[4]).toMatchObject({ name: 'delay', count: 2, missing: 0 });
    expect(profile.columns[3]).toMatchObject({ name: 'origin', top: [{ value: 'SFO', count: 2 }] });
  });

  test('keeps the first of a repeated id or unique value, by the order of batches and rows', async () => {
    const dataset = fresh({ checks: [{ unique: 'seats' }] });
    await house.data.appendRows(
      { projectId: 'p', dataset },
      rows(['b', 'a'], { seats: [1, 2], known: [HOUR, HOUR], delay: [10, 20] }),
    );
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['a'], { seats: [3], known: [0], delay: [30] }));
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['c'], { seats: [1], known: [0], delay: [40] }));

    const version = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 2 * HOUR });

    expect(version.quarantined.reasons).toEqual({ 'duplicate-id': 1, 'seats-unique': 1 });
    const { relation } = await house.data.stageVersion(version.digest);
    const frame = await house.data.engine.query(`SELECT delay FROM ${relation} ORDER BY delay`);
    expect(columnOf(frame, 'delay').values).toEqual(Float64Array.of(10, 20));
  });

  test('gives missing for a column that was declared after rows had come', async () => {
    const dataset = fresh();
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['a']));
    await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 2 * HOUR });
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['b'], { known: [3 * HOUR] }));
    house.declare({ [dataset]: { ...flights, columns: { ...flights.columns, gate: 'text' } } });
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['c'], { known: [3 * HOUR], gate: ['B7'] }));
    const version = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 9 * HOUR });
    const { relation } = await house.data.stageVersion(version.digest);
    const frame = await house.data.engine.query(`SELECT coalesce(gate, '-') AS gate FROM ${relation} ORDER BY id`);
    expect(textsOf(frame, 'gate')).toEqual(['-', '-', 'B7']);
  });

  test('an empty dataset can be cut and read', async () => {
    const dataset = fresh();
    const version = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: HOUR });
    expect(version).toMatchObject({ rows: 0, number: 1 });
    expect(await idsOf(version.digest)).toEqual([]);
  });
});

describe('after a restart', () => {
  test('everything is read back from the store, and batches are replayed in order from a known time on', async () => {
    const dataset = fresh();
    await house.data.appendRows({ projectId: 'p', dataset }, rows(['a', 'b'], { delay: [5000, 1] }));
    await house.data.appendFile(
      { projectId: 'p', dataset },
      'csv',
      bytesOf(`id,at,known,origin,delay,seats,late\nold,0,1,SFO,1,1,true\nrecent,0,${String(9 * HOUR)},SFO,1,1,true\n`),
    );
    const version = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: 4 * HOUR });

    const data = await house.restart();
    const told: string[] = [];
    await data.replayBatches(
      { projectId: 'p', dataset, sinceKnownMs: HOUR },
      (batch) => void told.push(...textsOf(batch.frame, 'id')),
    );

    expect(told).toEqual(['b', 'recent']);
    expect(data.engine.isRunning()).toBe(true);
    const latest = await house.platform.database.read((tx) => data.latestVersion(tx, 'p', dataset));
    expect(latest).toEqual(version);
    expect(await idsOf(version.digest)).toEqual(['b', 'old']);
    const events = await house.platform.database.read((tx) => house.platform.events.readAfter(tx, 0, 1000));
    const ours = events.filter((event) => event.data?.['dataset'] === dataset).map((event) => event.topic);
    expect(ours).toEqual(['data.batch-appended', 'data.batch-appended', 'data.version-created']);
  });
});
