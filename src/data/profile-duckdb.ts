import type { Frame } from '#kernel';
import { describeRule } from './breach-error.ts';
import { breachExpression } from './check-expression.ts';
import type { Dataset, DatasetColumn, QuarantineCount } from './dataset.ts';
import type { DuckSession } from './duck-engine.ts';
import { numberAt, textAt } from './frame-values.ts';
import type { CheckResult, ColumnProfile, VersionProfile } from './profile.ts';
import { quoteName, quoteNumber } from './sql-text.ts';

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];
const BINS = 20;
const TOP = 10;
/** Text with more different values, such as ids, has no list of the most frequent ones. */
const MOST_LEVELS = 10_000;

/**
 * Profiles the rows of a version and holds them against the checks, in one scan for all plain figures.
 *
 * @param session - Session of the engine.
 * @param dataset - What is declared.
 * @param rows - Table expression of the working columns of all accepted rows, and what was set aside.
 * @returns The profile.
 */
export async function profileVersion(
  session: DuckSession,
  dataset: Dataset,
  rows: { readonly relation: string; readonly quarantined: QuarantineCount },
): Promise<VersionProfile> {
  const figures = dataset.columns.flatMap((column, index) => figuresOf(column, index));
  const found = await session.read(
    `SELECT count(*)::DOUBLE AS n, ${[...figures, ...breachCounts(dataset)].join(', ')} FROM ${rows.relation}`,
  );
  const columns: ColumnProfile[] = [];
  for (const [index, column] of dataset.columns.entries()) {
    const plain = plainProfile(found, column, index);
    columns.push({ ...plain, ...(await shapeOf(session, rows.relation, plain)) });
  }
  const total = numberAt(found, 'n');
  return { format: 'gyre-profile', version: 1, rows: total, columns, checks: checkResults(dataset, found, rows.quarantined) };
}

function isNumeric(column: DatasetColumn): boolean {
  return column.type === 'number' || column.type === 'integer';
}

function figuresOf(column: DatasetColumn, index: number): readonly string[] {
  const name = quoteName(column.name);
  const at = String(index);
  const figures = [`count(${name})::DOUBLE AS count_${at}`, `approx_count_distinct(${name})::DOUBLE AS distinct_${at}`];
  if (column.type === 'time') figures.push(`min(${name})::DOUBLE AS min_${at}`, `max(${name})::DOUBLE AS max_${at}`);
  if (!isNumeric(column)) return figures;
  const value = `${name}::DOUBLE`;
  const finite = `FILTER (isfinite(${value}))`;
  figures.push(
    `min(${value}) ${finite} AS min_${at}`,
    `max(${value}) ${finite} AS max_${at}`,
    `avg(${value}) ${finite} AS mean_${at}`,
    `(count(*) FILTER (${value} = 0))::DOUBLE AS zeros_${at}`,
    `(count(*) FILTER (isinf(${value})))::DOUBLE AS infinite_${at}`,
    // Beyond 1e150 the squares overflow, which DuckDB refuses; such a column has no deviation.
    `CASE WHEN max(abs(${value})) ${finite} < 1e150 THEN stddev_samp(CASE WHEN abs(${value}) < 1e150 THEN ${value} END) END AS deviation_${at}`,
    ...QUANTILES.map((share, which) => `quantile_cont(${value}, ${String(share)}) ${finite} AS quantile_${at}_${String(which)}`),
  );
  return figures;
}

function plainProfile(found: Frame, column: DatasetColumn, index: number): ColumnProfile {
  const at = String(index);
  const count = numberAt(found, `count_${at}`);
  const optional = (key: string, name: string): Record<string, number> => {
    const value = numberAt(found, `${name}_${at}`);
    return Number.isFinite(value) ? { [key]: value } : {};
  };
  const quantiles = QUANTILES.map((_, which) => numberAt(found, `quantile_${at}_${String(which)}`));
  return {
    name: column.name,
    type: column.type,
    count,
    missing: numberAt(found, 'n') - count,
    distinct: numberAt(found, `distinct_${at}`),
    ...optional('min', 'min'),
    ...optional('max', 'max'),
    ...optional('mean', 'mean'),
    ...optional('standardDeviation', 'deviation'),
    ...optional('zeros', 'zeros'),
    ...optional('infinite', 'infinite'),
    ...(quantiles.every(Number.isFinite) ? { quantiles } : {}),
  };
}

/** The histogram or the most frequent values. */
async function shapeOf(session: DuckSession, relation: string, plain: ColumnProfile): Promise<Partial<ColumnProfile>> {
  const name = quoteName(plain.name);
  if (plain.min !== undefined && plain.max !== undefined) return { histogram: await histogram(session, relation, plain) };
  const isMeasured = plain.type === 'number' || plain.type === 'integer' || plain.type === 'time';
  if (plain.count === 0 || isMeasured || plain.distinct > MOST_LEVELS) return {};
  const value = `${name}::VARCHAR`;
  const found = await session.read(
    `SELECT ${value} AS value, count(*)::DOUBLE AS n FROM ${relation} WHERE ${name} IS NOT NULL GROUP BY ALL ORDER BY n DESC, value LIMIT ${String(TOP)}`,
  );
  return {
    top: Array.from({ length: found.nRows }, (_, row) => ({
      value: textAt(found, 'value', row) ?? '',
      count: numberAt(found, 'n', row),
    })),
  };
}

async function histogram(session: DuckSession, relation: string, plain: ColumnProfile): Promise<readonly number[]> {
  const [min = 0, max = 0] = [plain.min, plain.max];
  const value = `${quoteName(plain.name)}::DOUBLE`;
  const width = max - min;
  const bin =
    width > 0 && Number.isFinite(width)
      ? `least(floor((${value} - ${quoteNumber(min)}) / ${quoteNumber(width)} * ${String(BINS)}), ${String(BINS - 1)})::DOUBLE`
      : '0::DOUBLE';
  const found = await session.read(
    `SELECT ${bin} AS bin, count(*)::DOUBLE AS n FROM ${relation} WHERE ${quoteName(plain.name)} IS NOT NULL AND isfinite(${value}) GROUP BY ALL`,
  );
  const counts = new Array<number>(width > 0 ? BINS : 1).fill(0);
  for (let row = 0; row < found.nRows; row += 1) counts[numberAt(found, 'bin', row)] = numberAt(found, 'n', row);
  return counts;
}

function breachCounts(dataset: Dataset): readonly string[] {
  return dataset.checks.flatMap((check, index) =>
    // Repeats were looked for when the rows came in; a version's accepted rows have none.
    check.rule.kind === 'unique'
      ? []
      : [`(count(*) FILTER (${breachExpression(check.rule, dataset)}))::DOUBLE AS breaches_${String(index)}`],
  );
}

function checkResults(dataset: Dataset, found: Frame, quarantined: QuarantineCount): readonly CheckResult[] {
  const rows = numberAt(found, 'n') + quarantined.rows;
  return dataset.checks.map((check, index): CheckResult => {
    const counted = numberAt(found, `breaches_${String(index)}`);
    const breaches = (quarantined.reasons[check.name] ?? 0) + (Number.isNaN(counted) ? 0 : counted);
    return {
      name: check.name,
      rule: describeRule(check.rule),
      column: check.rule.column,
      onBreach: check.onBreach,
      verdict: verdictOf(rows, breaches),
      breaches,
      rows,
    };
  });
}

function verdictOf(rows: number, breaches: number): CheckResult['verdict'] {
  if (rows === 0) return 'undecided';
  return breaches === 0 ? 'pass' : 'fail';
}
