import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { DatasetsSchema, type DatasetsSection, datasetOf, datasetProblems } from './dataset-section.ts';

const columns = { id: 'text', at: 'time', x: 'number', n: 'integer', s: 'category', b: 'boolean' } as const;
const table = { id: 'id', eventTime: 'at', columns };

function problemsOf(overrides: object): readonly string[] {
  const section = { table: { ...table, ...overrides } } as DatasetsSection;
  expect(Value.Check(DatasetsSchema, section)).toBe(true);
  return datasetProblems(section).map((problem) => `${problem.pointer}: ${problem.detail}`);
}

describe('the section datasets', () => {
  test('fills in known time, implicit checks and names of checks', () => {
    const checks = [
      { column: 'x', between: [0, null] },
      { unique: 'n', onBreach: 'warn' },
      { column: 'at', between: ['2001-01-01', 5] },
    ];
    const dataset = datasetOf({ table: { ...table, checks } } as DatasetsSection, 'table');

    expect(dataset).toMatchObject({ knownTime: 'at', declaresKnownTime: false });
    expect(dataset.checks).toEqual([
      { name: 'id-needed', rule: { kind: 'not-null', column: 'id' }, onBreach: 'fail' },
      { name: 'at-needed', rule: { kind: 'not-null', column: 'at' }, onBreach: 'fail' },
      { name: 'duplicate-id', rule: { kind: 'unique', column: 'id' }, onBreach: 'quarantine' },
      { name: 'x-between', rule: { kind: 'between', column: 'x', low: 0, high: undefined }, onBreach: 'fail' },
      { name: 'n-unique', rule: { kind: 'unique', column: 'n' }, onBreach: 'warn' },
      { name: 'at-between', rule: { kind: 'between', column: 'at', low: 978307200000, high: 5 }, onBreach: 'fail' },
    ]);
    expect(() => datasetOf({ table }, 'tabel')).toThrow(/did you mean "table"/);
    expect(() => datasetOf({ table }, 'constructor')).toThrow(/declares no dataset/);
  });

  test.each([
    ['an id that does not exist', { id: 'idd' }, /table\/id: there is no column "idd"/],
    ['an id that is a number', { id: 'x' }, /an id is text or integer, not number/],
    ['a known time that is no time', { knownTime: 'x' }, /table\/knownTime: column "x" is number, but must be time/],
    ['columns that differ in case', { columns: { ...columns, X: 'text' } }, /"X" and "x" differ only in case/],
    ['a column of a kept name', { columns: { ...columns, gyre_row: 'text' } }, /kept for Gyre/],
    ['a check without a rule', { checks: [{ column: 'x' }] }, /exactly one of/],
    ['a check with two rules', { checks: [{ column: 'x', notNull: true, between: [0, 1] }] }, /this one has 2/],
    ['a check of an unknown column', { checks: [{ column: 'y', notNull: true }] }, /checks\/0: there is no column "y"/],
    ['a range of texts', { checks: [{ column: 's', between: [0, 1] }] }, /not category/],
    ['a range with a text', { checks: [{ column: 'x', between: ['a', 1] }] }, /an end of between is not number/],
    ['a pattern over numbers', { checks: [{ column: 'x', matches: 'a' }] }, /needs a text column/],
    ['a pattern that cannot be matched', { checks: [{ column: 's', matches: '(?=a)' }] }, /only \(…\) and/],
    ['members of another type', { checks: [{ column: 'n', in: [1, 1.5] }] }, /in has a value that is not integer/],
    ['a comparison of unlike columns', { checks: [{ column: 'x', greaterThan: 'at' }] }, /number and time cannot be compared/],
    [
      'two checks of one name',
      {
        checks: [
          { column: 'x', notNull: true },
          { column: 'x', notNull: true },
        ],
      },
      /"x-not-null" is taken/,
    ],
    ['a check named like an implicit one', { checks: [{ name: 'duplicate-id', column: 'x', notNull: true }] }, /is taken/],
  ])('finds %s', (_what, overrides, message) => {
    expect(problemsOf(overrides).join('\n')).toMatch(message);
  });

  test.each([
    ['an unknown key', { table: { ...table, ide: 'id' } }],
    ['an impossible name', { 'my table': table }],
    ['an impossible column', { table: { ...table, columns: { ...columns, 'a b': 'text' } } }],
    ['an unknown type', { table: { ...table, columns: { ...columns, y: 'float' } } }],
    ['an unknown answer to a breach', { table: { ...table, checks: [{ column: 'x', notNull: true, onBreach: 'ignore' }] } }],
  ])('does not have %s', (_what, section) => {
    expect(Value.Check(DatasetsSchema, section)).toBe(false);
  });
});
