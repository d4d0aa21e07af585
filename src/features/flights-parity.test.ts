import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Column, columnOf, type Frame, type JsonObject } from '#kernel';
import { aFeatureHouse, type FeatureHouse } from './features.fixtures.ts';
import { createOnlineFeatures, type OnlineFeatures } from './online-features.ts';

const HOUR = 3_600_000;
const REQUESTS = 10_000;

const places = { flight_id: 'text', departed_at: 'time', origin: 'category', destination: 'category' };
const datasets: JsonObject = {
  departures: { id: 'flight_id', eventTime: 'departed_at', knownTime: 'departed_at', columns: { ...places, distance: 'number' } },
  arrivals: {
    id: 'flight_id',
    eventTime: 'departed_at',
    knownTime: 'known_at',
    columns: { ...places, known_at: 'time', delay: 'integer' },
    checks: [{ name: 'wrapped-delay', column: 'delay', between: [-120, 1200], onBreach: 'quarantine' }],
  },
};
const features: JsonObject = {
  flights: {
    moments: 'departures',
    label: { dataset: 'arrivals', value: 'delay >= 15' },
    request: ['origin', 'destination', 'distance'],
    columns: {
      distance: 'distance',
      origin: 'origin',
      origin_late_4h: { window: 'arrivals', key: 'origin', mean: 'delay >= 15', over: '4h' },
      origin_late_24h: { window: 'arrivals', key: 'origin', mean: 'delay >= 15', over: '24h' },
      origin_delay_6h: { window: 'arrivals', key: 'origin', sum: 'delay', over: '6h' },
      inbound_late_6h: { window: 'arrivals', key: 'destination', match: 'origin', mean: 'delay >= 15', over: '6h' },
      all_late_6h: { window: 'arrivals', mean: 'delay >= 15', over: '6h' },
      departures_1h: { window: 'departures', key: 'origin', count: true, over: '1h' },
    },
  },
};
const WINDOWS = ['origin_late_4h', 'origin_late_24h', 'origin_delay_6h', 'inbound_late_6h', 'all_late_6h', 'departures_1h'];

let house: FeatureHouse;
let offline: Frame;
const versions: Record<string, string> = {};

beforeAll(async () => {
  house = await aFeatureHouse({ datasets, features });
  const { engine } = house.data;
  const table = fileURLToPath(new URL('../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url));
  const source = await engine.admit(table, 'parquet');
  // Times are local at the origin; six hours are near enough for a test that only asks whether both sides see the same.
  const flights = `SELECT 'f' || file_row_number AS flight_id, date + INTERVAL 6 HOUR AS departed_at, origin, destination, distance, delay
    FROM read_parquet('${source}', file_row_number = true) WHERE date < TIMESTAMP '2001-01-05'`;
  const lag = 'CASE WHEN hash(flight_id) % 50 = 0 THEN 2880 ELSE 0 END';
  const files = {
    departures: `SELECT * EXCLUDE (delay) FROM (${flights})`,
    arrivals: `SELECT * EXCLUDE (distance), departed_at + to_minutes((100 + delay + distance / 7.5 + ${lag})::BIGINT) AS known_at FROM (${flights})`,
  };
  const cutMs = Date.UTC(2001, 0, 9);
  for (const [dataset, sql] of Object.entries(files)) {
    const path = await engine.freshPath('parquet');
    await engine.session((session) => session.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`));
    async function* bytes() {
      yield await readFile(path);
    }
    await house.data.appendFile({ projectId: 'p', dataset }, 'parquet', bytes());
    versions[dataset] = (await house.data.cutVersion({ projectId: 'p', dataset, cutMs })).digest;
  }
  const built = await house.features.buildFrame({
    projectId: 'p',
    view: 'flights',
    versions,
    maxRows: REQUESTS + 10,
    withCounts: true,
  });
  offline = await house.features.readFrame(built.digest);
}, 60_000);
afterAll(() => house.close());

/** Facts of a dataset as batches of the hours in which they became known. */
async function* hoursOf(dataset: string, known: string): AsyncGenerator<readonly [hour: number, facts: Frame]> {
  const source = house.features.view(house.project, 'flights').sources.get(dataset);
  const version = await house.data.stageVersion(await latestDigest(dataset));
  const columns = (source?.columns ?? []).map(({ name, type }) =>
    type === 'time' ? `epoch_ms(${name})::DOUBLE AS ${name}` : name,
  );
  const all = await house.data.engine.query(`SELECT ${columns.join(', ')} FROM ${version.relation} ORDER BY ${known}`);
  const times = columnOf(all, known).values;
  for (let from = 0; from < all.nRows; ) {
    const hour = Math.floor((times[from] ?? 0) / HOUR);
    let to = from;
    while (to < all.nRows && Math.floor((times[to] ?? 0) / HOUR) === hour) to += 1;
    yield [hour, slice(all, from, to)];
    from = to;
  }
}

async function latestDigest(dataset: string) {
  return (await house.data.cutVersion({ projectId: 'p', dataset, cutMs: Date.UTC(2001, 0, 9) })).digest;
}

function slice(frame: Frame, from: number, to: number): Frame {
  return { nRows: to - from, columns: frame.columns.map((column): Column => sliceColumn(column, from, to)) };
}

function sliceColumn(column: Column, from: number, to: number): Column {
  if (column.kind === 'levels') return { ...column, values: column.values.slice(from, to) };
  if (column.kind === 'float32') return { ...column, values: column.values.slice(from, to) };
  return { ...column, values: column.values.slice(from, to) };
}

async function batchesByHour(): Promise<ReadonlyMap<number, readonly (readonly [string, Frame])[]>> {
  const batches = new Map<number, (readonly [string, Frame])[]>();
  for (const [dataset, known] of [
    ['departures', 'departed_at'],
    ['arrivals', 'known_at'],
  ] as const) {
    for await (const [hour, facts] of hoursOf(dataset, known))
      batches.set(hour, [...(batches.get(hour) ?? []), [dataset, facts]]);
  }
  return batches;
}

/** What single requests got, row by row. */
interface Replayed {
  readonly values: Float32Array;
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}

/** The feed brings the facts of each hour as the replay gets there; what no later moment sees is forgotten. */
function replay(online: OnlineFeatures, request: Frame, batches: ReadonlyMap<number, readonly (readonly [string, Frame])[]>) {
  const moments = columnOf(offline, 'moment').values;
  const empty = () => new Float64Array(request.nRows);
  const found = new Map(
    WINDOWS.map((name): [string, Replayed] => [
      name,
      { values: new Float32Array(request.nRows), numerator: empty(), denominator: empty() },
    ]),
  );
  let hour = Math.min(...batches.keys());
  for (let row = 0; row < request.nRows; row += 1) {
    const at = Float64Array.of(moments[row] ?? 0);
    for (; hour <= Math.floor((at[0] ?? 0) / HOUR); hour += 1) {
      for (const [dataset, facts] of batches.get(hour) ?? []) online.ingest(dataset, facts);
      online.forgetBefore(hour * HOUR);
    }
    note(found, online, { request: slice(request, row, row + 1), at, row });
  }
  return found;
}

function note(
  found: ReadonlyMap<string, Replayed>,
  online: OnlineFeatures,
  one: { readonly request: Frame; readonly at: Float64Array; readonly row: number },
): void {
  const features = online.lookup(one.request, one.at);
  for (const [name, { values, numerator, denominator }] of found) {
    const counts = online.counts(name, one.request, one.at);
    values[one.row] = columnOf(features, name).values[0] ?? 0;
    numerator[one.row] = counts.numerator[0] ?? 0;
    denominator[one.row] = counts.denominator[0] ?? 0;
  }
}

describe('days of real flights', () => {
  test('gives the same integers and floats to single requests online as to the training table', async () => {
    expect(offline.nRows).toBeGreaterThanOrEqual(REQUESTS);
    const online = createOnlineFeatures(house.features.view(house.project, 'flights'));
    const origin = columnOf(offline, 'origin');
    const request = {
      nRows: offline.nRows,
      columns: [origin, { ...origin, name: 'destination' }, columnOf(offline, 'distance')],
    };

    const found = replay(online, request, await batchesByHour());

    for (const [name, { values, numerator, denominator }] of found) {
      expect(numerator, name).toEqual(columnOf(offline, `${name}#numerator`).values);
      expect(denominator, name).toEqual(columnOf(offline, `${name}#denominator`).values);
      expect(values, name).toEqual(columnOf(offline, name).values);
    }
    const busy = [...(found.get('all_late_6h')?.denominator ?? [])].filter((count) => count > 1000).length;
    expect(busy).toBeGreaterThan(REQUESTS / 2);
  });
});
