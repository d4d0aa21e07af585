import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnOf, type Frame, type JsonObject } from '#kernel';
import type { Project } from '#projects';
import { featureProblems } from './declared-view.ts';
import type { FeaturesSection } from './feature-section.ts';
import { aFeatureHouse, type FeatureHouse } from './features.fixtures.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

const datasets: JsonObject = {
  departures: {
    id: 'id',
    eventTime: 'at',
    knownTime: 'at',
    columns: { id: 'text', at: 'time', origin: 'category', distance: 'number' },
  },
  arrivals: {
    id: 'id',
    eventTime: 'at',
    knownTime: 'known',
    columns: { id: 'text', at: 'time', known: 'time', origin: 'category', delay: 'number' },
  },
  plain: { id: 'id', eventTime: 'at', columns: { id: 'text', at: 'time', origin: 'category' } },
};
const flights: JsonObject = {
  moments: 'departures',
  label: { dataset: 'arrivals', value: 'delay >= 15' },
  columns: {
    distance: 'distance',
    origin: 'origin',
    late_share: { window: 'arrivals', key: 'origin', mean: 'delay >= 15', over: '24h' },
  },
};

let house: FeatureHouse;

beforeAll(async () => {
  house = await aFeatureHouse({ datasets, features: { flights } });
  // Ten days of ten flights, one an hour; a flight's outcome is known two hours later, every third one is late.
  const rows = Array.from({ length: 100 }, (_, index) => index);
  const at = rows.map((row) => Math.floor(row / 10) * DAY + (row % 10) * HOUR);
  const id = rows.map((row) => `f${String(row).padStart(3, '0')}`);
  const origin = rows.map((row) => (row % 2 === 0 ? 'SFO' : 'JFK'));
  await house.data.appendRows(
    { projectId: 'p', dataset: 'departures' },
    { id, at, origin, distance: rows.map((row) => row * 10) },
  );
  await house.data.appendRows(
    { projectId: 'p', dataset: 'arrivals' },
    { id, at, origin, known: at.map((time) => time + 2 * HOUR), delay: rows.map((row) => (row % 3 === 0 ? 15 : 14)) },
  );
});
afterAll(() => house.close());

async function versionsAt(cutMs: number): Promise<Readonly<Record<string, string>>> {
  const versions: Record<string, string> = {};
  for (const dataset of ['departures', 'arrivals']) {
    versions[dataset] = (await house.data.cutVersion({ projectId: 'p', dataset, cutMs })).digest;
  }
  return versions;
}

function problemsOf(features: JsonObject): readonly string[] {
  const problems = featureProblems(features as FeaturesSection, { datasets });
  return problems.map((problem) => `${problem.pointer}: ${problem.detail}`);
}

describe('a training table', () => {
  test('labels only what was known at the cut, and is the same for the same request', async () => {
    const cutMs = 9 * DAY + 5 * HOUR;
    const versions = await versionsAt(cutMs);

    const built = await house.features.buildFrame({ projectId: 'p', view: 'flights', versions });
    const frame = await house.features.readFrame(built.digest);

    // 95 departures before the cut; the two of the last two hours have no outcome yet, nor has the one known at the cut itself.
    expect(built).toMatchObject({ rows: 95, firstMomentMs: 0, lastMomentMs: 9 * DAY + 4 * HOUR });
    expect(frame.columns.map((column) => [column.name, column.kind])).toEqual([
      ['id', 'levels'],
      ['moment', 'float64'],
      ['distance', 'float32'],
      ['origin', 'levels'],
      ['late_share', 'float32'],
      ['label', 'float32'],
    ]);
    const labels = columnOf(frame, 'label').values;
    expect(built.labelled).toBe(93);
    expect([...labels].map((label, row) => (Number.isNaN(label) ? row : -1)).filter((row) => row >= 0)).toEqual([93, 94]);
    expect(labels[0]).toBe(1);
    expect(labels[1]).toBe(0);
    expect(await house.features.buildFrame({ projectId: 'p', view: 'flights', versions })).toEqual(built);
    expect((await house.features.buildFrame({ projectId: 'p', view: 'flights', versions, maxRows: 95 })).digest).toBe(
      built.digest,
    );
  });

  test('is thinned day by day, the same rows for the same seed', async () => {
    const versions = await versionsAt(11 * DAY);
    const thin = async (seed: number): Promise<Frame> =>
      await house.features.readFrame(
        (await house.features.buildFrame({ projectId: 'p', view: 'flights', versions, maxRows: 30, seed })).digest,
      );

    const [one, other] = [await thin(1), await thin(2)];

    const days = [...columnOf(one, 'moment').values].map((moment) => Math.floor(moment / DAY));
    expect(days).toHaveLength(30);
    expect(new Set(days).size).toBe(10);
    expect(columnOf(one, 'id')).not.toEqual(columnOf(other, 'id'));
    expect(await thin(1)).toEqual(one);
  });

  test('takes moments of a half-open range', async () => {
    const versions = await versionsAt(11 * DAY);
    const built = await house.features.buildFrame({ projectId: 'p', view: 'flights', versions, fromMs: DAY, toMs: 2 * DAY });
    expect(built).toMatchObject({ rows: 10, firstMomentMs: DAY, lastMomentMs: DAY + 9 * HOUR });
    const empty = await house.features.buildFrame({ projectId: 'p', view: 'flights', versions, fromMs: 50 * DAY });
    expect(empty).toMatchObject({ rows: 0, labelled: 0, firstMomentMs: undefined });
  });

  test('needs a version of every dataset that it reads', async () => {
    const { departures = '' } = await versionsAt(11 * DAY);
    await expect(house.features.buildFrame({ projectId: 'p', view: 'flights', versions: { departures } })).rejects.toThrow(
      /reads dataset "arrivals"/,
    );
    await expect(house.features.buildFrame({ projectId: 'p', view: 'flight', versions: {} })).rejects.toThrow(
      /did you mean "flights"/,
    );
  });
});

describe('live online features', () => {
  test('are rebuilt from the store, fed by later batches, and equal the training table', async () => {
    house.setNow(10 * DAY);
    const features = house.restarted();
    const online = await features.online('p', 'flights');
    const versions = await versionsAt(11 * DAY);
    const built = await features.buildFrame({ projectId: 'p', view: 'flights', versions, fromMs: 8 * DAY });
    const frame = await features.readFrame(built.digest);

    const found = online.lookup(requestOf(frame), Float64Array.from(columnOf(frame, 'moment').values));

    expect(columnOf(found, 'late_share').values).toEqual(columnOf(frame, 'late_share').values);
    expect([...columnOf(found, 'late_share').values].some((share) => share > 0)).toBe(true);
    const late = { id: ['extra'], at: [10 * DAY], known: [10 * DAY], origin: ['LAX'], delay: [99] };
    await house.data.appendRows({ projectId: 'p', dataset: 'arrivals' }, late);
    const one = {
      nRows: 1,
      columns: requestOf(frame).columns.map((column) => ({ ...column, values: column.values.slice(0, 1) })),
    } as Frame;
    const request = {
      nRows: 1,
      columns: one.columns.map((column) =>
        column.kind === 'levels' ? { ...column, levels: ['LAX'], values: Int32Array.of(0) } : column,
      ),
    };
    expect(columnOf(online.lookup(request, Float64Array.of(10 * DAY)), 'late_share').values[0]).toBeNaN();
    expect(columnOf(online.lookup(request, Float64Array.of(10 * DAY + 1)), 'late_share').values[0]).toBe(1);
    expect(await features.online('p', 'flights')).toBe(online);
    await features.stop?.();
  });
});

function requestOf(frame: Frame): Frame {
  return {
    nRows: frame.nRows,
    columns: [
      { kind: 'float64', name: 'at', values: Float64Array.from(columnOf(frame, 'moment').values) },
      columnOf(frame, 'origin'),
      { kind: 'float64', name: 'distance', values: Float64Array.from(columnOf(frame, 'distance').values) },
    ],
  };
}

describe('labels of outcomes', () => {
  test('are computed by the expression of the view', async () => {
    const frame: Frame = {
      nRows: 3,
      columns: [{ kind: 'float64', name: 'delay', values: Float64Array.of(15, 14.9, Number.NaN) }],
    };
    expect(await house.features.labelValues({ projectId: 'p', view: 'flights', frame })).toEqual(
      Float64Array.of(1, 0, Number.NaN),
    );
  });
});

describe('a feature view', () => {
  const columns = (added: JsonObject): JsonObject => ({ flights: { ...flights, columns: added } });

  test('without fault has no problems, its inputs default to the columns of the moments but the id', () => {
    expect(problemsOf({ flights })).toEqual([]);
    const view = house.features.view(house.project, 'flights');
    expect(view.request.map((column) => column.name)).toEqual(['at', 'origin', 'distance']);
    expect(view.datasets).toEqual(['departures', 'arrivals']);
  });

  test('is refused when a history feature reads a dataset without a known time', () => {
    const features = columns({ busy: { window: 'plain', key: 'origin', count: true, over: '1h' } });
    expect(problemsOf(features)[0]).toMatch(/^\/features\/flights\/columns\/busy: .*"plain", which declares no knownTime/);
    const project: Project = { ...house.project, documentDigest: 'other', document: { ...house.project.document, features } };
    expect(() => house.features.view(project, 'flights')).toThrow(/declares no knownTime/);
  });

  test.each([
    ['an unknown column', { a: 'distence' }, /did you mean "distance"/],
    ['a time', { a: 'at' }, /is a time; make a number of it/],
    ['a name that training tables use', { label: 'distance' }, /name the feature otherwise/],
    ['an unknown dataset', { a: { window: 'arrival', count: true, over: '1h' } }, /no dataset "arrival"/],
    ['no aggregate', { a: { window: 'arrivals', over: '1h' } }, /exactly one of count, sum, mean/],
    ['a mean of fractions', { a: { window: 'arrivals', mean: 'delay', over: '1h' } }, /whole number/],
    ['a window of no length', { a: { window: 'arrivals', count: true, over: '0h' } }, /1ms to 366d/],
    ['a duration that is none', { a: { window: 'arrivals', count: true, over: 'a day' } }, /not a duration/],
    ['an unknown key', { a: { window: 'arrivals', key: 'orgin', count: true, over: '1h' } }, /did you mean "origin"/],
    [
      'a key that the request lacks',
      { a: { window: 'arrivals', key: 'origin', match: 'destination', count: true, over: '1h' } },
      /no column "destination"/,
    ],
    [
      'a key that is a number',
      { a: { window: 'arrivals', key: 'delay', match: 'distance', count: true, over: '1h' } },
      /both must be text or category/,
    ],
    ['no features', {}, /at least one feature/],
  ] as const)('is refused with %s', (_what, added, message) => {
    expect(problemsOf(columns(added as JsonObject)).join('\n')).toMatch(message);
  });
});
