import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { type DatasetsSection, datasetOf } from '#data';
import { featureProblems } from './declared-view.ts';
import { FeaturesSchema, type ViewFields } from './feature-section.ts';
import type { FeatureView } from './feature-view.ts';
import { labelValues } from './label-values.ts';
import { parseView } from './parse-view.ts';

const datasets: DatasetsSection = {
  rentals: {
    id: 'rental',
    eventTime: 'started_at',
    knownTime: 'started_at',
    columns: {
      rental: 'text',
      started_at: 'time',
      from: 'category',
      to: 'category',
      docks: 'integer',
      km: 'number',
      rain: 'boolean',
    },
  },
  returns: {
    id: 'rental',
    eventTime: 'started_at',
    knownTime: 'returned_at',
    columns: { rental: 'text', started_at: 'time', returned_at: 'time', from: 'category', minutes: 'number', bikes: 'integer' },
  },
};

const fields: ViewFields = {
  moments: 'rentals',
  label: { dataset: 'returns', value: 'minutes > 30' },
  request: ['started_at', 'from', 'to', 'docks', 'rain'],
  columns: {
    station: 'from',
    wet: 'rain and docks > 2',
    long_share: { window: 'returns', key: 'from', match: 'to', mean: 'minutes > 30', over: '6h' },
    bikes: { window: 'returns', key: 'from', sum: 'bikes', over: '1d' },
    all: { window: 'rentals', count: true, over: '30m' },
    long: { window: 'returns', count: 'minutes > 30', over: '30m' },
  },
};

function parse(changed: Partial<ViewFields> = {}, section: DatasetsSection = datasets): FeatureView {
  const parsed = parseView(
    'trips',
    { ...fields, ...changed },
    {
      names: Object.keys(section),
      find: (name) => (Object.hasOwn(section, name) ? datasetOf(section, name) : undefined),
    },
  );
  if ('view' in parsed) return parsed.view;
  throw new Error(JSON.stringify(parsed.problems));
}

function problems(changed: Partial<ViewFields>): readonly string[] {
  return featureProblems({ trips: { ...fields, ...changed } }, { datasets }).map(
    ({ pointer, code, detail }) => `${pointer} ${code}: ${detail}`,
  );
}

describe('a declared feature view', () => {
  test('becomes typed features in the order of the file', () => {
    const view = parse();

    expect(view.specs).toEqual([
      { name: 'station', kind: 'category' },
      { name: 'wet', kind: 'number' },
      { name: 'long_share', kind: 'number' },
      { name: 'bikes', kind: 'number' },
      { name: 'all', kind: 'number' },
      { name: 'long', kind: 'number' },
    ]);
    expect(view.features[2]).toMatchObject({
      dataset: 'returns',
      aggregate: 'mean',
      key: 'from',
      match: 'to',
      overMs: 21_600_000,
    });
    expect(view.features[3]).toMatchObject({ aggregate: 'sum', key: 'from', match: 'from', overMs: 86_400_000 });
    expect(view.features[4]).toMatchObject({ aggregate: 'count', value: undefined, key: undefined, match: undefined });
    expect(view.features[5]).toMatchObject({ aggregate: 'count', value: { type: 'boolean' } });
    expect(view.datasets).toEqual(['rentals', 'returns']);
    expect(view.request[0]).toEqual({ name: 'started_at', type: 'time' });
  });

  test('keeps its digest until the definition, its order or a type that it reads changes', () => {
    const { columns } = fields;
    const { digest } = parse();
    const retyped = {
      ...datasets,
      rentals: { ...datasets['rentals'], columns: { ...datasets['rentals']?.columns, docks: 'number' } },
    };

    expect(parse({ columns: { ...columns } }).digest).toBe(digest);
    expect(parse({ columns: Object.fromEntries(Object.entries(columns).reverse()) }).digest).not.toBe(digest);
    expect(parse({ columns: { ...columns, wet: 'rain and docks > 3' } }).digest).not.toBe(digest);
    expect(parse({}, retyped as DatasetsSection).digest).not.toBe(digest);
  });

  test.each([
    [
      { moments: 'rental' },
      '/features/trips/moments features/bad-section: there is no dataset "rental" in "datasets"; did you mean "rentals"?',
    ],
    [{ label: { dataset: 'retruns', value: 'true' } }, /label\/dataset features\/bad-section: .*did you mean "returns"/],
    [{ label: { dataset: 'returns', value: 'minuts > 1' } }, /label\/value features\/unknown-name: .*did you mean "minutes"/],
    [{ label: { dataset: 'returns', value: 'from' } }, /label\/value features\/wrong-type/],
    [{ request: ['from', 'frm'] }, /request\/1 features\/bad-section: .*did you mean "from"/],
    [{ request: ['from', 'to', 'from'] }, /request\/2 features\/bad-section: .*named twice/],
    [{ columns: { a: 'km' } }, /columns\/a features\/unknown-name: .*no column "km"/],
    [{ columns: { a: { window: 'return', count: true, over: '1h' } } }, /columns\/a .*did you mean "returns"/],
    [{ columns: { a: { window: 'returns', count: 'bikes', over: '1h' } } }, /columns\/a features\/wrong-type: .*true or false/],
    [{ columns: { a: { window: 'returns', sum: 'minutes', over: '1h' } } }, /features\/wrong-type: .*whole number/],
    [{ columns: { a: { window: 'returns', sum: 'bikes', mean: 'bikes', over: '1h' } } }, /exactly one of/],
    [{ columns: { a: { window: 'returns', match: 'to', count: true, over: '1h' } } }, /match without key/],
    [{ columns: { a: { window: 'returns', key: 'bikes', match: 'docks', count: true, over: '1h' } } }, /features\/wrong-type/],
    [{ columns: { a: { window: 'returns', count: true, over: '400d' } } }, /1ms to 366d/],
  ] as const)('is refused as %j, at the place and with the nearest name', (changed, message) => {
    const found = problems(changed as Partial<ViewFields>);
    expect(found.join('\n')).toMatch(message);
  });

  test('reports all problems, not the first alone', () => {
    expect(problems({ request: ['nothing', 'from'], columns: { a: 'x +', b: 'y', c: 'from' } })).toHaveLength(3);
  });

  test('never reads a dataset by a name that every object has', () => {
    expect(problems({ moments: 'constructor' })[0]).toMatch(/no dataset "constructor"/);
  });
});

describe('the section features', () => {
  const schema = Compile(FeaturesSchema);

  test('has names of lower-case letters, digits and dashes only, so that no view passes unread', () => {
    expect(schema.Check({ 'my-trips-2': fields })).toBe(true);
    expect(schema.Check({ 'My trips': fields })).toBe(false);
    expect(schema.Check({ Trips: 5 })).toBe(false);
  });

  test.each([
    ['as in the example', fields, true],
    ['without moments', { columns: fields.columns }, false],
    ['with a key it does not know', { ...fields, labels: {} }, false],
    ['with a window without length', { ...fields, columns: { a: { window: 'returns', count: true } } }, false],
    ['with a count of nothing', { ...fields, columns: { a: { window: 'returns', count: false, over: '1h' } } }, false],
    ['with a feature name that no column can have', { ...fields, columns: { 'a b': 'from' } }, false],
    ['with an expression of 2,001 characters', { ...fields, columns: { a: 'x'.repeat(2001) } }, false],
  ])('is checked %s', (_, view, isValid) => {
    expect(schema.Check({ trips: view })).toBe(isValid);
  });
});

describe('labels', () => {
  const outcomes = {
    nRows: 3,
    columns: [
      { kind: 'float64', name: 'minutes', values: Float64Array.of(31, 30, Number.NaN) },
      { kind: 'levels', name: 'from', values: Int32Array.of(0, 1, -1), levels: ['A', 'B'] },
    ],
  } as const;

  test('are 1, 0, or NaN where the outcome is missing', () => {
    expect(labelValues(parse(), outcomes)).toEqual(Float64Array.of(1, 0, Number.NaN));
  });

  test('may be numbers, and may be told from texts', () => {
    const number = parse({ label: { dataset: 'returns', value: "if(from = 'A', minutes / 0.1, -1)" } });
    expect(labelValues(number, outcomes)).toEqual(Float64Array.of(310, -1, Number.NaN));
  });

  test('of a view without a label are refused', () => {
    const { label: _, ...unlabelled } = fields;
    const view = parseView('trips', unlabelled, {
      names: Object.keys(datasets),
      find: (name) => datasetOf(datasets, name),
    });
    expect(() => labelValues('view' in view ? view.view : parse(), outcomes)).toThrow(/declares no label/);
  });
});
