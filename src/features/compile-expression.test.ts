import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createDuckEngine, quoteName } from '#data';
import { type DoubleColumn, encodeFrame } from '#kernel';
import { compileNumber } from './compile-row.ts';
import { parseExpression } from './parse-expression.ts';
import { compileSql } from './sql-expression.ts';

const folder = mkdtempSync(join(tmpdir(), 'gyre-compile-'));
const engine = createDuckEngine({ folder: join(folder, 'engine') });

afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

const NAMES = ['x', 'y', 'z', 't'] as const;
const scope = new Map(NAMES.map((name) => [name, { type: name === 't' ? 'time' : 'number', isWhole: false } as const]));
const slotOf = new Map<string, number>(NAMES.map((name, index) => [name, index]));
type Rows = Readonly<Record<(typeof NAMES)[number], readonly number[]>>;

let files = 0;

/** Values of each expression by both evaluators: doubles as they are, not rounded to what models read. */
async function both(
  sources: readonly string[],
  rows: Rows,
): Promise<readonly { readonly sql: readonly number[]; readonly row: readonly number[] }[]> {
  const columns = NAMES.map((name): DoubleColumn => ({ kind: 'float64', name, values: Float64Array.from(rows[name]) }));
  const nRows = rows.x.length;
  files += 1;
  const path = join(folder, 'engine', `rows-${String(files)}.frame`);
  const expressions = sources.map((source) => parseExpression(source, scope));
  const selected = expressions.map((expression, index) => `(${compileSql(expression)})::DOUBLE AS e${String(index)}`);
  const found = await engine.session(async (session) => {
    writeFileSync(path, encodeFrame({ nRows, columns }));
    await session.load(
      'given',
      NAMES.map((name) => ({ name, kind: 'double' })),
      [{ path, batch: 0 }],
    );
    return await session.read(`SELECT ${selected.join(', ')} FROM given ORDER BY ${quoteName('gyre_row')}`);
  });
  return expressions.map((expression, index) => {
    const read = compileNumber(expression, slotOf);
    return {
      sql: [...(found.columns[index]?.values ?? [])],
      row: Array.from({ length: nRows }, (_, row) => read(columns, row)),
    };
  });
}

const single = (x: number, y = Number.NaN, z = Number.NaN, t = Number.NaN): Rows => ({ x: [x], y: [y], z: [z], t: [t] });

const edge = fc.constantFrom(
  ...[0, -0, 1, -1, 0.5, -0.5, 2.5, 0.1, 5e-324, -5e-324, 1e-300, 1e154, 1e300, -1e300, Number.MAX_VALUE, 2 ** 53, Number.NaN],
);
const cell = fc.oneof(edge, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -50, max: 50 }));
const rowsOf = (length: number): fc.Arbitrary<Rows> => {
  const column = fc.array(cell, { minLength: length, maxLength: length });
  const times = fc.array(fc.oneof(fc.integer({ min: -1e13, max: 1e13 }), fc.constant(Number.NaN)), {
    minLength: length,
    maxLength: length,
  });
  return fc.record({ x: column, y: column, z: column, t: times });
};
const { value } = fc.letrec<{ value: string; test: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom('x', 'y', 'z', '0', '-3', '1e308', '0.1'),
    fc.tuple(tie('value'), fc.constantFrom('+', '-', '*', '/', '%'), tie('value')).map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc.tuple(fc.constantFrom('abs', 'floor', 'ceil', 'round', 'sqrt', 'log', '-'), tie('value')).map(([f, v]) => `${f}(${v})`),
    fc.tuple(fc.constantFrom('least', 'greatest', 'coalesce'), tie('value'), tie('value')).map(([f, l, r]) => `${f}(${l}, ${r})`),
    fc.tuple(tie('test'), tie('value'), tie('value')).map(([c, l, r]) => `if(${c}, ${l}, ${r})`),
    fc.constantFrom('hour(t)', 'weekday(t)', 'month(t)', "hours_between(t, time('2001-03-01'))"),
  ),
  test: fc.oneof(
    { maxDepth: 5 },
    tie('value').map((v) => `(${v} is missing)`),
    fc.tuple(tie('value'), fc.constantFrom('<', '<=', '>', '>=', '=', '!='), tie('value')).map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc.tuple(tie('test'), fc.constantFrom('and', 'or'), tie('test')).map(([l, o, r]) => `(${l} ${o} ${r})`),
  ),
}));

describe('the SQL and the row evaluator of one expression', () => {
  test('give the same double to the last bit, at the edges of numbers too', async () => {
    let known = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 20, maxLength: 20 }), rowsOf(8), async (sources, rows) => {
        const results = await both(sources, rows);
        for (const [index, { sql, row }] of results.entries()) {
          expect({ source: sources[index], values: sql }).toEqual({ source: sources[index], values: row });
          known += row.filter((one) => Number.isFinite(one)).length;
          expect(row.some((one) => Math.abs(one) === Number.POSITIVE_INFINITY)).toBe(false);
        }
      }),
      { numRuns: 40, seed: 4711 },
    );
    // Most values are known, so that the agreement is not one of missing with missing.
    expect(known).toBeGreaterThan(40 * 20 * 8 * 0.3);
  });

  test('agree on logarithms, whose last bits libraries round differently, and on tests of them', async () => {
    const x = Array.from({ length: 20_000 }, (_, index) => 0.001 + ((index * 7919) % 1_000_003) / 977);
    const nothing = x.map(() => Number.NaN);
    const [log, above] = await both(['log(x)', 'if(log(x) >= log(x + 0), 1, 0)'], { x, y: nothing, z: nothing, t: nothing });

    expect(log?.sql).toEqual(log?.row);
    expect(log?.row[0]).toBeCloseTo(Math.log(0.001), 6);
    expect(above?.sql).toEqual(above?.row);
  });

  test.each([
    ['x * x', 1e300],
    ['1 / (x * x)', 1e300],
    ['1 % (x * x)', 1e300],
    ['x * x * 0', 1e300],
    ['x - x * x', 1e300],
    ['-abs(x + x)', Number.MAX_VALUE],
    ['floor(x / 0)', 1],
    ['1 / (1 / x)', 0],
    ['5 % x', -0],
    ['0 / x', 0],
    ['round(x * 10)', Number.MAX_VALUE],
  ])('%s of %d is missing: neither overflow nor division by zero is a number', async (source, x) => {
    const [is, coalesced] = await both([source, `coalesce(${source}, -7)`], single(x));

    expect(is).toEqual({ sql: [Number.NaN], row: [Number.NaN] });
    expect(coalesced).toEqual({ sql: [-7], row: [-7] });
  });

  test.each([
    ['a sum of 40', `x${' + x'.repeat(39)}`, 40],
    ['a product of quotients', `x${' * x / x'.repeat(15)}`, 1],
    ['divisors in divisors', `${'(x / '.repeat(35)}x${')'.repeat(35)}`, 1],
    ['roots of roots', `${'sqrt('.repeat(35)}x${')'.repeat(35)}`, 1],
    ['tests in branches', `${'if(x > 0, x, '.repeat(30)}x${')'.repeat(30)}`, 1],
  ])('plan %s within seconds: the engine never copies an argument', async (_, source, expected) => {
    const startedAtMs = performance.now();
    const [found] = await both([source], single(1));

    expect(found).toEqual({ sql: [expected], row: [expected] });
    expect(performance.now() - startedAtMs).toBeLessThan(5000);
  });

  test('know months of all times that have a date, and of no other', async () => {
    const t = [Date.UTC(1969, 11, 31, 23, 59, 59, 999), -0.5, 8.64e15, -8.64e15, 8.64e15 + 2, 1e300, Number.NaN];
    const nothing = t.map(() => Number.NaN);
    const [month] = await both(['month(t)'], { x: nothing, y: nothing, z: nothing, t });

    expect(month?.sql).toEqual(month?.row);
    expect(month?.row).toEqual([12, 12, 9, 4, Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('what an expression may hold', () => {
  test.each([
    ['1e999', 'a number too large to hold'],
    ["coalesce('a\0b', 'c') = 'd'", 'the NUL character in a text'],
    [`${'(x + '.repeat(39)}x${' * x'.repeat(39)}${' + x)'.repeat(39)} > 1`, 'more than 100 parts in one another'],
  ])('%j is refused', (source, message) => {
    expect(() => parseExpression(source, scope)).toThrow(message);
  });
});
