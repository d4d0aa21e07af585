import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Column, columnOf, type Frame, isGyreError, type JsonObject } from '#kernel';
import { aDataHouse, bytesOf, type DataHouse } from './data.fixtures.ts';
import { parseInstantMs } from './parse-instant.ts';
import { compilePattern, patternProblem } from './pattern.ts';
import { quoteText } from './sql-text.ts';

const everything = {
  id: 'id',
  eventTime: 'at',
  columns: { id: 'text', at: 'time', x: 'number', y: 'number', n: 'integer', s: 'category', b: 'boolean', t: 'time' },
  checks: [
    { name: 'x-range', column: 'x', between: [-10, 10], onBreach: 'quarantine' },
    { name: 'x-over-y', column: 'x', greaterThan: 'y', onBreach: 'quarantine' },
    { name: 'n-members', column: 'n', in: [0, 1, 2, 9007199254740991], onBreach: 'quarantine' },
    { name: 's-form', column: 's', matches: '^[a-c]+(-\\d{2})?$', onBreach: 'quarantine' },
    { name: 's-members', column: 's', in: ['a', 'abc', 'b-12', 'ä'], onBreach: 'warn' },
    { name: 's-once', unique: 's', onBreach: 'quarantine' },
    { name: 't-range', column: 't', between: ['2001-01-01', null], onBreach: 'quarantine' },
    { name: 'b-true', column: 'b', in: [true], onBreach: 'quarantine' },
    { name: 'y-there', column: 'y', notNull: true, onBreach: 'quarantine' },
  ],
};

let house: DataHouse;
let serial = 0;

beforeAll(async () => {
  house = await aDataHouse({ everything });
});
afterAll(() => house.close());

type Row = Readonly<Record<string, unknown>>;

interface Outcome {
  readonly code?: string;
  readonly accepted?: readonly (readonly unknown[])[];
  readonly quarantined?: Readonly<Record<string, number>>;
}

/** Rows as they were stored, in order of id, or the code of the refusal. */
async function outcomeOf(checks: readonly object[], append: (dataset: string) => Promise<unknown>): Promise<Outcome> {
  serial += 1;
  const dataset = `everything-${String(serial)}`;
  house.declare({ [dataset]: { ...everything, checks } as JsonObject });
  const frames: Frame[] = [];
  const stop = house.data.onBatch(({ frame }) => void frames.push(frame));
  try {
    await append(dataset);
  } catch (error) {
    if (isGyreError(error)) return { code: error.code };
    throw error;
  } finally {
    stop();
  }
  const version = await house.data.cutVersion({ projectId: 'p', dataset, cutMs: Date.UTC(2100, 0, 1) });
  return {
    accepted: frames.flatMap(rowsOf).sort((left, right) => (String(left[0]) < String(right[0]) ? -1 : 1)),
    quarantined: version.quarantined.reasons,
  };
}

function rowsOf(frame: Frame): readonly (readonly unknown[])[] {
  const columns = Object.keys(everything.columns).map((name) => columnOf(frame, name));
  return Array.from({ length: frame.nRows }, (_, row) => columns.map((column) => valueAt(column, row)));
}

function valueAt(column: Column, row: number): unknown {
  const value = column.values[row] ?? Number.NaN;
  return column.kind === 'levels' ? column.levels[value] : value;
}

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 5 });
const instants = fc.oneof(
  fc.constantFrom(
    '2001-01-01',
    '2000-12-31T23:59:59.999Z',
    '2001-01-01T00:30:00.1239999+00:30',
    '1969-12-31T23:59:59.9999Z',
    '2004-02-29',
    978307200000,
    -1,
  ),
  fc.integer({ min: -1e12, max: 2e12 }),
);
const goodRow = fc.record({
  at: instants,
  x: orNull(
    fc.oneof(fc.double({ min: -20, max: 20, noNaN: true }), fc.constantFrom<unknown>('NaN', 'Infinity', '-Infinity', 0, 10, -10)),
  ),
  y: orNull(fc.oneof(fc.integer({ min: -15, max: 5 }), fc.double({ noNaN: true, noDefaultInfinity: true }))),
  n: orNull(fc.constantFrom<unknown>(0, 1, 2, 3, '1', '-9223372036854775808', '9223372036854775807', 9007199254740991)),
  s: orNull(fc.constantFrom('a', 'abc', 'b-12', 'b-1', 'ä', '', 'q\'uo"te', 'a\nb', 'A')),
  b: orNull(fc.boolean()),
  t: orNull(instants),
});
const badCell = fc.constantFrom<readonly [string, unknown]>(
  ['x', '1.5'],
  ['x', true],
  ['n', 1.5],
  ['n', '1.0'],
  ['n', '9223372036854775808'],
  ['s', 7],
  ['s', ['a']],
  ['b', 'true'],
  ['b', 1],
  ['t', '2001-02-29'],
  ['t', '2001-01-01T24:00:00Z'],
  ['t', '2001-01-01T00:00:60Z'],
  ['t', '2001-01-01 00:00:00'],
  ['t', '2001-1-1'],
  ['t', 1.5],
  ['t', '978307200000'],
  ['t', 9e15],
  ['t', true],
  ['at', null],
);

describe('rows as JSON columns and the same rows as a file', () => {
  test('are read, checked and set aside alike', async () => {
    const rowsArbitrary = fc.array(goodRow, { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        rowsArbitrary,
        fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: badCell }),
        async (cells, bad) => {
          const rows = cells.map((row, index): Row => ({ id: `r${String(Math.floor(index / 1.1)).padStart(3, '0')}`, ...row }));
          const last = rows.at(-1) ?? {};
          const all = bad === null ? rows : [...rows.slice(0, -1), { ...last, [bad[0]]: bad[1] }];
          const columns = Object.fromEntries(Object.keys(everything.columns).map((name) => [name, all.map((row) => row[name])]));
          const lines = all.map((row) => JSON.stringify(row)).join('\n');

          for (const checks of [everything.checks, []]) {
            const asColumns = await outcomeOf(checks, (dataset) => house.data.appendRows({ projectId: 'p', dataset }, columns));
            const asFile = await outcomeOf(checks, (dataset) =>
              house.data.appendFile({ projectId: 'p', dataset }, 'ndjson', bytesOf(lines)),
            );
            expect(asFile).toEqual(asColumns);
            expect(asColumns.code === undefined).toBe(bad === null);
          }
        },
      ),
      { numRuns: 12, seed: 77 },
    );
  });
});

describe('a pattern', () => {
  const atom = fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '[^a]',
    '[a-c0-9]',
    '\\d',
    '\\w',
    '\\s',
    '\\.',
    '\\S',
    'ä',
    '\\x41',
    '[^\\d]',
    '[\\w-]',
  );
  const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
    piece: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      fc.tuple(atom, fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{0,3}?', '*?', '{2,}')).map(([one, often]) => one + often),
      tie('pattern').map((inner) => `(${inner})`),
      fc.tuple(tie('pattern'), fc.constantFrom('*', '+', '?')).map(([inner, often]) => `(?:${inner})${often}`),
    ),
    pattern: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.array(tie('piece'), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')),
      fc.tuple(tie('piece'), tie('piece')).map(([left, right]) => `${left}|${right}`),
      tie('piece').map((piece) => `^${piece}`),
      tie('piece').map((piece) => `${piece}$`),
      tie('piece').map((piece) => `^${piece}$`),
    ),
  }));
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '.', ' ', '\n', 'ä', '😀', 'A', '-'), maxLength: 8 });

  test('occurs in the same texts as DuckDB finds it in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pattern, { minLength: 20, maxLength: 20 }),
        fc.array(text, { minLength: 10, maxLength: 10 }),
        async (patterns, texts) => {
          const list = texts.map((one, index) => `(${String(index)}, ${quoteText(one)})`).join(', ');
          const tests = patterns.map((one, index) => `regexp_matches(t, ${quoteText(one)}) AS p${String(index)}`).join(', ');
          const found = await house.data.engine.query(`SELECT ${tests} FROM (VALUES ${list}) v(i, t) ORDER BY i`);
          patterns.forEach((one, index) => {
            const ours = texts.map((each) => Number(compilePattern(one)(each)));
            expect(ours, `${one} in ${JSON.stringify(texts)}`).toEqual([...(found.columns[index]?.values ?? [])]);
          });
        },
      ),
      { numRuns: 25, seed: 5 },
    );
  });

  test.each([
    '(',
    'a)',
    '[',
    '[]',
    '[b-a]',
    'a**',
    'a{3,1}',
    'a{2000}',
    '*a',
    '(?=a)',
    '(?<n>a)',
    '\\1',
    '\\b',
    '\\pL',
    'a{',
    ']',
    '}',
    '[[:alpha:]]',
    '(((a{99}){99}){99})',
  ])('%s is refused', (source) => {
    expect(patternProblem(source)).toMatch(/near character|too large/);
  });

  test('takes time linear in the text, whatever the pattern', () => {
    const started = performance.now();
    expect(compilePattern('^(a+)+$')(`${'a'.repeat(5000)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('an instant', () => {
  test('is what the platform’s own dates say, to the millisecond', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        (date) => {
          expect(parseInstantMs(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });
});
