import type { CheckRule } from './check.ts';
import type { ColumnType, Dataset } from './dataset.ts';
import { quoteName, quoteNumber, quoteText } from './sql-text.ts';

/** Name of the column that numbers rows in working tables, from 1. */
export const ROW_COLUMN = 'gyre_row';

/**
 * Writes a rule as SQL over a working table, in which times are milliseconds and missing is NULL: the same breaches as `checkRows`.
 *
 * @param rule - The rule.
 * @param dataset - Whose columns it names.
 * @returns A BOOLEAN expression, never NULL: true for rows that break it. A `unique` rule needs the column {@link ROW_COLUMN}.
 */
export function breachExpression(rule: CheckRule, dataset: Dataset): string {
  const column = quoteName(rule.column);
  switch (rule.kind) {
    case 'not-null':
      return `${column} IS NULL`;
    case 'between': {
      const outside = [
        ...(rule.low === undefined ? [] : [`${column}::DOUBLE < ${quoteNumber(rule.low)}`]),
        ...(rule.high === undefined ? [] : [`${column}::DOUBLE > ${quoteNumber(rule.high)}`]),
      ];
      return outside.length === 0 ? 'false' : `coalesce(${outside.join(' OR ')}, false)`;
    }
    case 'in':
      return `coalesce(${column} NOT IN (${rule.values.map((value) => literal(value, typeOf(dataset, rule.column))).join(', ')}), false)`;
    case 'matches':
      return `coalesce(NOT regexp_matches(${column}, ${quoteText(rule.pattern)}), false)`;
    case 'greater-than':
      return `coalesce(${column} <= ${quoteName(rule.other)}, false)`;
    case 'unique':
      return `(${column} IS NOT NULL AND row_number() OVER (PARTITION BY ${column} ORDER BY ${ROW_COLUMN}) > 1)`;
  }
}

function typeOf(dataset: Dataset, name: string): ColumnType {
  return dataset.columns.find((column) => column.name === name)?.type ?? 'text';
}

function literal(value: string | number | boolean, type: ColumnType): string {
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'boolean') return String(value);
  return type === 'integer' ? `${String(value)}::BIGINT` : quoteNumber(value);
}
