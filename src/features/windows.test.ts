import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnOf, type Frame, type JsonObject } from '#kernel';
import { aFeatureHouse, type FeatureHouse } from './features.fixtures.ts';
import { createOnlineFeatures, type OnlineFeatures } from './online-features.ts';

const HOUR = 3_600_000;

const datasets: JsonObject = {
  asks: {
    id: 'id',
    eventTime: 'at',
    knownTime: 'at',
    columns: { id: 'text', at: 'time', k: 'category', j: 'category', x: 'number' },
  },
  facts: {
    id: 'id',
    eventTime: 'at',
    knownTime: 'known',
    columns: { id: 'text', at: 'time', known: 'time', k: 'category', n: 'integer', x: 'number', b: 'boolean' },
  },
};
const features: JsonObject = {
  v: {
    moments: 'asks',
    label: { dataset: 'facts', value: 'x > 0' },
    columns: {
      x2: 'x * 2',
      k: 'k',
      facts_3h: { window: 'facts', key: 'k', count: true, over: '3h' },
      true_3h: { window: 'facts', key: 'k', count: 'b', over: '3h' },
      sum_3h: { window: 'facts', key: 'k', sum: 'n', over: '3h' },
      mean_3h: { window: 'facts', key: 'k', mean: 'x >= 0', over: '3h' },
      mean_7h: { window: 'facts', key: 'k', mean: 'n', over: '7h' },
      other_3h: { window: 'facts', key: 'k', match: 'j', mean: 'b', over: '3h' },
      all_3h: { window: 'facts', mean: 'b', over: '3h' },
      asks_3h: { window: 'asks', key: 'k', count: true, over: '3h' },
    },
  },
};
const WINDOWS = ['facts_3h', 'true_3h', 'sum_3h', 'mean_3h', 'mean_7h', 'other_3h', 'all_3h', 'asks_3h'];

let house: FeatureHouse;
let cutMs = 1000 * HOUR;

/** Every use of the house happens in a stretch of time of its own, out of reach of every window before it. */
let baseMs = 0;

beforeAll(async () => {
  house = await aFeatureHouse({ datasets, features });
});
afterAll(() => house.close());

type Values = Readonly<Record<string, readonly unknown[]>>;
const key = fc.constantFrom('A', 'B', 'C', null);
/** Whole milliseconds that often coincide, and often lie exactly one window apart. */
const time = fc.oneof(
  fc.integer({ min: 0, max: 12 }).map((n) => n * HOUR),
  fc.integer({ min: 0, max: 12 * HOUR }),
);
const factArbitrary = fc.record({
  known: time,
  k: key,
  n: fc.option(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(2 ** 31, 2 ** 31 + 1, -(2 ** 40)))),
  x: fc.option(fc.integer({ min: -2, max: 2 })),
  b: fc.option(fc.boolean()),
});
const askArbitrary = fc.record({ at: time, k: key, j: key });

function columnsOf(rows: readonly Readonly<Record<string, unknown>>[], names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}

interface Ask {
  readonly id: string;
  readonly k: string | null;
  readonly j: string | null;
  readonly x: number;
}

async function buildOffline(): Promise<Frame> {
  const versions: Record<string, string> = {};
  for (const dataset of ['asks', 'facts']) {
    versions[dataset] = (await house.data.cutVersion({ projectId: 'p', dataset, cutMs })).digest;
  }
  const built = await house.features.buildFrame({
    projectId: 'p',
    view: 'v',
    versions,
    fromMs: baseMs,
    toMs: cutMs,
    withCounts: true,
  });
  return await house.features.readFrame(built.digest);
}

function requestOf(offline: Frame, asks: readonly Ask[]): Frame {
  const asked = new Map(asks.map((row) => [row.id, row]));
  const ids = columnOf(offline, 'id');
  const rows = Array.from(ids.values, (code) => asked.get(ids.kind === 'levels' ? (ids.levels[code] ?? '') : ''));
  const levels = ['A', 'B', 'C'];
  const category = (name: 'k' | 'j') => ({
    kind: 'levels' as const,
    name,
    levels,
    values: Int32Array.from(rows, (row) => levels.indexOf(row?.[name] ?? '')),
  });
  return {
    nRows: offline.nRows,
    columns: [
      { kind: 'float64', name: 'at', values: Float64Array.from(columnOf(offline, 'moment').values) },
      category('k'),
      category('j'),
      { kind: 'float64', name: 'x', values: Float64Array.from(rows, (row) => row?.x ?? Number.NaN) },
    ],
  };
}

function expectSame(offline: Frame, online: OnlineFeatures, asks: readonly Ask[]): void {
  const moments = Float64Array.from(columnOf(offline, 'moment').values);
  const request = requestOf(offline, asks);
  const found = online.lookup(request, moments);
  for (const name of WINDOWS) {
    const { numerator, denominator } = online.counts(name, request, moments);
    expect(numerator, name).toEqual(columnOf(offline, `${name}#numerator`).values);
    expect(denominator, name).toEqual(columnOf(offline, `${name}#denominator`).values);
    expect(columnOf(found, name).values, name).toEqual(columnOf(offline, name).values);
  }
  expect(columnOf(found, 'x2').values).toEqual(columnOf(offline, 'x2').values);
}

describe('window features', () => {
  test('give the same integers offline and online, whatever the stream', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(factArbitrary, { maxLength: 400 }),
        fc.array(askArbitrary, { minLength: 1, maxLength: 150 }),
        async (facts, asks) => {
          run += 1;
          baseMs += 100 * HOUR;
          cutMs = baseMs + 50 * HOUR;
          const idOf = (kind: string, index: number): string => `${kind}-${String(run)}-${String(index)}`;
          const askRows = asks.map((ask, index) => ({ ...ask, id: idOf('a', index), at: baseMs + ask.at, x: index }));
          const factRows = facts.map((fact, index) => ({ ...fact, id: idOf('f', index), at: 0, known: baseMs + fact.known }));
          await house.data.appendRows({ projectId: 'p', dataset: 'asks' }, columnsOf(askRows, ['id', 'at', 'k', 'j', 'x']));
          // Two batches, the later facts first: what arrives late is put in its place.
          const half = Math.ceil(factRows.length / 2);
          for (const some of [factRows.slice(half), factRows.slice(0, half)].filter((rows) => rows.length > 0)) {
            await house.data.appendRows(
              { projectId: 'p', dataset: 'facts' },
              columnsOf(some, ['id', 'at', 'known', 'k', 'n', 'x', 'b']),
            );
          }
          const offline = await buildOffline();
          const online = createOnlineFeatures(house.features.view(house.project, 'v'));
          await house.data.replayBatches({ projectId: 'p', dataset: 'facts', sinceKnownMs: baseMs }, ({ frame }) =>
            online.ingest('facts', frame),
          );
          await house.data.replayBatches({ projectId: 'p', dataset: 'asks', sinceKnownMs: baseMs }, ({ frame }) =>
            online.ingest('asks', frame),
          );
          expectSame(offline, online, askRows);
        },
      ),
      { numRuns: 8, seed: 4 },
    );
  });

  test('see nothing that was not known before the moment, offline and online', async () => {
    baseMs += 100 * HOUR;
    cutMs = baseMs + 50 * HOUR;
    const moment = baseMs + 10 * HOUR;
    const known = [moment - 3 * HOUR - 1, moment - 3 * HOUR, moment - 1, moment, moment + 1];
    const facts = known.map((knownMs, index) => ({
      id: `leak-${String(index)}`,
      at: 0,
      known: knownMs,
      k: 'A',
      n: 10 ** index,
      x: 1,
      b: true,
    }));
    const asks = [{ id: 'leak-ask', at: moment, k: 'A', j: null, x: 0 }];
    await house.data.appendRows(
      { projectId: 'p', dataset: 'facts' },
      columnsOf(facts, ['id', 'at', 'known', 'k', 'n', 'x', 'b']),
    );
    await house.data.appendRows({ projectId: 'p', dataset: 'asks' }, columnsOf(asks, ['id', 'at', 'k', 'j', 'x']));
    const online = createOnlineFeatures(house.features.view(house.project, 'v'));
    await house.data.replayBatches({ projectId: 'p', dataset: 'facts', sinceKnownMs: baseMs }, ({ frame }) =>
      online.ingest('facts', frame),
    );

    const offline = await buildOffline();

    expect(columnOf(offline, 'sum_3h').values).toEqual(Float32Array.of(10 + 100));
    expect(columnOf(offline, 'other_3h').values).toEqual(Float32Array.of(Number.NaN));
    expect(columnOf(online.lookup(requestOf(offline, asks), Float64Array.of(moment)), 'sum_3h').values).toEqual(
      Float32Array.of(110),
    );
  });

  test('count a fact once, however often it comes', () => {
    const online = createOnlineFeatures(house.features.view(house.project, 'v'));
    const facts = factFrame([
      { id: 'a', known: 5, k: 'A' },
      { id: 'b', known: 7, k: 'A' },
    ]);
    online.ingest('facts', facts);
    online.ingest('facts', facts);
    expect(online.counts('facts_3h', ask('A'), Float64Array.of(10)).numerator).toEqual(Float64Array.of(2));
  });

  test('are missing, never wrong, for moments whose window reaches behind what was forgotten', () => {
    const online = createOnlineFeatures(house.features.view(house.project, 'v'));
    online.ingest(
      'facts',
      factFrame([
        { id: 'a', known: HOUR, k: 'A' },
        { id: 'b', known: 20 * HOUR, k: 'A' },
      ]),
    );
    online.forgetBefore(15 * HOUR);
    // The longest window is 7 h, so that facts known from hour 8 on are kept.
    const at = (hour: number): number => online.counts('facts_3h', ask('A'), Float64Array.of(hour * HOUR)).numerator[0] ?? 0;
    expect(at(10)).toBeNaN();
    expect(at(11)).toBe(0);
    expect(at(21)).toBe(1);
    online.ingest('facts', factFrame([{ id: 'late', known: 2 * HOUR, k: 'A' }]));
    expect(at(4)).toBeNaN();
  });

  test('of unknown keys are zero counts and missing means; without a key they are missing', () => {
    const online = createOnlineFeatures(house.features.view(house.project, 'v'));
    const found = online.lookup(ask('never seen'), Float64Array.of(HOUR));
    expect(columnOf(found, 'facts_3h').values).toEqual(Float32Array.of(0));
    expect(columnOf(found, 'mean_3h').values).toEqual(Float32Array.of(Number.NaN));
    expect(columnOf(online.lookup(ask(undefined), Float64Array.of(HOUR)), 'facts_3h').values).toEqual(
      Float32Array.of(Number.NaN),
    );
    expect(columnOf(found, 'k')).toEqual({ kind: 'levels', name: 'k', values: Int32Array.of(0), levels: ['never seen'] });
  });

  test('refuse a request that lacks an input or brings it in the wrong kind', () => {
    const online = createOnlineFeatures(house.features.view(house.project, 'v'));
    const whole = ask('A');
    const without = { nRows: 1, columns: whole.columns.filter((column) => column.name !== 'j') };
    expect(() => online.lookup(without, Float64Array.of(0))).toThrow(/lacks the input "j"/);
    const wrong = {
      nRows: 1,
      columns: whole.columns.map((column) => (column.name === 'x' ? { ...ask('1').columns[1], name: 'x' } : column)),
    } as Frame;
    expect(() => online.lookup(wrong, Float64Array.of(0))).toThrow(/"x" must be a number/);
  });
});

function factFrame(facts: readonly { readonly id: string; readonly known: number; readonly k: string }[]): Frame {
  const codes = Int32Array.from(facts, (_, row) => row);
  const doubles = (name: string, values: readonly number[]) => ({
    kind: 'float64' as const,
    name,
    values: Float64Array.from(values),
  });
  return {
    nRows: facts.length,
    columns: [
      { kind: 'levels', name: 'id', values: codes, levels: facts.map((fact) => fact.id) },
      doubles(
        'at',
        facts.map(() => 0),
      ),
      doubles(
        'known',
        facts.map((fact) => fact.known),
      ),
      { kind: 'levels', name: 'k', values: codes, levels: facts.map((fact) => fact.k) },
      doubles(
        'n',
        facts.map(() => 1),
      ),
      doubles(
        'x',
        facts.map(() => 1),
      ),
      doubles(
        'b',
        facts.map(() => 1),
      ),
    ],
  };
}

function ask(k: string | undefined): Frame {
  const category = (name: string) => ({
    kind: 'levels' as const,
    name,
    values: Int32Array.of(k === undefined ? -1 : 0),
    levels: k === undefined ? [] : [k],
  });
  return {
    nRows: 1,
    columns: [
      { kind: 'float64', name: 'at', values: Float64Array.of(0) },
      category('k'),
      category('j'),
      { kind: 'float64', name: 'x', values: Float64Array.of(1) },
    ],
  };
}
