import { GyreError, isGyreError } from '#kernel';
import type { FileFormat } from './append.ts';
import { type CheckFinding, failOnBreach } from './breach-error.ts';
import { breachExpression, ROW_COLUMN } from './check-expression.ts';
import type { Dataset } from './dataset.ts';
import type { DuckEngine, DuckSession } from './duck-engine.ts';
import { countReasons, numberAt, textAt, textsOf } from './frame-values.ts';
import { type ColumnReading, readColumn } from './read-values.ts';
import { quoteName, quoteText } from './sql-text.ts';
import { PARQUET_OPTIONS, storedColumn } from './storage-columns.ts';
import { assertNames, badValue } from './type-columns.ts';

/** Rows of a file, typed, checked and written as Parquet with the column `gyre_reason`. */
export interface IngestedFile {
  readonly path: string;
  /** Rows accepted. */
  readonly rows: number;
  readonly quarantined: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly minKnownMs: number;
  readonly maxKnownMs: number;
}

/** Longest line of a text file, bytes. */
const LONGEST_LINE_BYTES = 8_388_608;

/**
 * Reads a file as a dataset declares it.
 *
 * @param engine - The table engine.
 * @param dataset - What is declared.
 * @param file - A local file, admitted to the engine.
 * @returns Where the typed rows are, and what they are. The caller owns the file.
 * @throws {@link GyreError} `data/unreadable-file`, `data/missing-column`, `data/unknown-column`, `data/bad-value`, `data/no-rows`, `data/check-failed`.
 */
export async function ingestFile(
  engine: DuckEngine,
  dataset: Dataset,
  file: { readonly path: string; readonly format: FileFormat },
): Promise<IngestedFile> {
  const path = await engine.freshPath('parquet');
  return await engine.session(async (session) => {
    await readable(() => stageRows(session, dataset, file));
    const total = numberAt(await session.read('SELECT count(*)::DOUBLE AS n FROM staged'), 'n');
    if (total === 0) throw new GyreError({ kind: 'invalid', code: 'data/no-rows', message: 'the file brings no rows' });
    await assertValues(session, dataset);
    failOnBreach(dataset.name, await judgeRows(session, dataset));
    const columns = [...dataset.columns.map(storedColumn), 'gyre_reason'].join(', ');
    await session.run(`COPY (SELECT ${columns} FROM judged ORDER BY ${ROW_COLUMN}) TO ${quoteText(path)} ${PARQUET_OPTIONS}`);
    return { path, ...(await summarize(session, dataset)) };
  });
}

async function stageRows(session: DuckSession, dataset: Dataset, file: { readonly path: string; readonly format: FileFormat }) {
  const source = await describeSource(session, dataset, file);
  const readings = dataset.columns.map((column) => readColumn(column, file.format, source.types.get(column.name) ?? 'VARCHAR'));
  const typed = dataset.columns.map((column, index) => `${readings[index]?.typed ?? 'NULL'} AS ${quoteName(column.name)}`);
  const bad = readings.map((reading, index) => `${badColumn(reading)} AS gyre_bad_${String(index)}`);
  await session.run(
    `CREATE TEMP TABLE staged AS SELECT row_number() OVER () AS ${ROW_COLUMN}, ${[...typed, ...bad].join(', ')} FROM ${source.relation}`,
  );
}

function badColumn(reading: ColumnReading): string {
  return `CASE WHEN ${reading.isBad} THEN left(${reading.shown}, 80) END`;
}

interface Source {
  readonly relation: string;
  readonly types: ReadonlyMap<string, string>;
}

async function describeSource(
  session: DuckSession,
  dataset: Dataset,
  file: { readonly path: string; readonly format: FileFormat },
): Promise<Source> {
  const path = quoteText(file.path);
  if (file.format === 'ndjson') return await describeObjects(session, dataset, path);
  const relation =
    file.format === 'parquet'
      ? `read_parquet(${path})`
      : `read_csv(${path}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', skip = 0, comment = '', null_padding = false, strict_mode = true, max_line_size = ${String(LONGEST_LINE_BYTES)})`;
  const described = await session.read(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${relation})`);
  const names = textsOf(described, 'column_name');
  const types = textsOf(described, 'column_type');
  assertNames(dataset, names);
  return { relation, types: new Map(names.map((name, index) => [name, types[index] ?? ''])) };
}

async function describeObjects(session: DuckSession, dataset: Dataset, path: string): Promise<Source> {
  const objects = `read_ndjson_objects(${path}, maximum_object_size = ${String(LONGEST_LINE_BYTES)})`;
  await session.run(`CREATE TEMP TABLE objects AS SELECT json FROM ${objects}`);
  const strange = await session.read(
    "SELECT count(*)::DOUBLE AS n FROM objects WHERE json IS NULL OR json_type(json) <> 'OBJECT'",
  );
  if (numberAt(strange, 'n') > 0) throw unreadable('a line of the file is not a JSON object');
  const keys = textsOf(await session.read('SELECT DISTINCT unnest(json_keys(json)) AS key FROM objects'), 'key');
  const isEmpty = numberAt(await session.read('SELECT count(*)::DOUBLE AS n FROM objects'), 'n') === 0;
  if (!isEmpty) assertNames(dataset, keys);
  const columns = dataset.columns.map((column) => `json -> ${quoteText(`$.${column.name}`)} AS ${quoteName(column.name)}`);
  return { relation: `(SELECT ${columns.join(', ')} FROM objects)`, types: new Map() };
}

async function assertValues(session: DuckSession, dataset: Dataset): Promise<void> {
  const parts = dataset.columns.map((_, index) => {
    const name = `gyre_bad_${String(index)}`;
    return `arg_min(${name}, ${ROW_COLUMN}) AS value_${String(index)}, (min(${ROW_COLUMN}) FILTER (${name} IS NOT NULL))::DOUBLE AS row_${String(index)}`;
  });
  const found = await session.read(`SELECT ${parts.join(', ')} FROM staged`);
  const problems = dataset.columns.flatMap((column, index) => {
    const row = numberAt(found, `row_${String(index)}`);
    return Number.isNaN(row) ? [] : [badValue(column, row - 1, textAt(found, `value_${String(index)}`))];
  });
  const [first] = problems;
  if (first !== undefined) throw new GyreError({ kind: 'invalid', code: 'data/bad-value', message: first.detail, problems });
}

async function judgeRows(session: DuckSession, dataset: Dataset): Promise<readonly CheckFinding[]> {
  const flags = dataset.checks.map((check, index) => `${breachExpression(check.rule, dataset)} AS gyre_breach_${String(index)}`);
  const reasons = dataset.checks.flatMap((check, index) =>
    check.onBreach === 'quarantine' ? [`CASE WHEN gyre_breach_${String(index)} THEN ${quoteText(check.name)} END`] : [],
  );
  const reason = reasons.length === 0 ? 'NULL::VARCHAR' : `nullif(concat_ws(',', ${reasons.join(', ')}), '')`;
  await session.run(
    `CREATE TEMP TABLE judged AS SELECT *, ${reason} AS gyre_reason FROM (SELECT *, ${flags.join(', ')} FROM staged)`,
  );
  const counts = dataset.checks.flatMap((check, index) => {
    const flag = `FILTER (gyre_breach_${String(index)})`;
    return [
      `(count(*) ${flag})::DOUBLE AS count_${String(index)}`,
      `(min(${ROW_COLUMN}) ${flag})::DOUBLE AS row_${String(index)}`,
      `arg_min(${quoteName(check.rule.column)}::VARCHAR, ${ROW_COLUMN}) ${flag} AS value_${String(index)}`,
    ];
  });
  const found = await session.read(`SELECT ${counts.join(', ')} FROM judged`);
  return dataset.checks.flatMap((check, index) => {
    const breaches = numberAt(found, `count_${String(index)}`);
    const value = textAt(found, `value_${String(index)}`) ?? 'missing';
    return breaches === 0 ? [] : [{ check, breaches, firstRow: numberAt(found, `row_${String(index)}`) - 1, value }];
  });
}

async function summarize(session: DuckSession, dataset: Dataset): Promise<Omit<IngestedFile, 'path'>> {
  const known = quoteName(dataset.knownTime);
  const totals = await session.read(
    `SELECT (count(*) FILTER (gyre_reason IS NULL))::DOUBLE AS accepted, count(gyre_reason)::DOUBLE AS aside, min(${known})::DOUBLE AS first, max(${known})::DOUBLE AS last FROM judged`,
  );
  const reasons = await session.read(
    'SELECT gyre_reason, count(*)::DOUBLE AS n FROM judged WHERE gyre_reason IS NOT NULL GROUP BY ALL',
  );
  return {
    rows: numberAt(totals, 'accepted'),
    quarantined: numberAt(totals, 'aside'),
    reasons: countReasons(textsOf(reasons, 'gyre_reason').map((reason, row) => [reason, numberAt(reasons, 'n', row)])),
    minKnownMs: numberAt(totals, 'first'),
    maxKnownMs: numberAt(totals, 'last'),
  };
}

/** Errors of these classes are the engine's own; every other one is about the file. */
const ENGINE_TROUBLE = /^(INTERNAL|Out of Memory|Permission|Fatal|Binder|Catalog|Parser|Not implemented) Error/i;

async function readable(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isGyreError(error, 'data/engine-failed')) throw error;
    const detail = String(error.data['detail']);
    if (ENGINE_TROUBLE.test(detail)) throw error;
    throw unreadable(plainDetail(detail), error);
  }
}

function unreadable(detail: string, cause?: unknown): GyreError {
  return new GyreError({ kind: 'invalid', code: 'data/unreadable-file', message: `the file cannot be read: ${detail}`, cause });
}

/** The engine's words without its advice and without paths of this machine. */
function plainDetail(detail: string): string {
  const lines = detail.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(0, 2)
    .join(' ')
    .replaceAll(/['"]?\/[^\s'":,]*\/[^\s'":,]*['"]?/g, 'the file')
    .slice(0, 300);
}
