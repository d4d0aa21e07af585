import type { BlobStore } from '#platform/blobs';
import type { Batch } from './batch.ts';
import type { Dataset, DatasetPart, DatasetVersion, QuarantinePart } from './dataset.ts';
import type { DuckEngine, DuckSession, LoadColumn, LoadSource } from './duck-engine.ts';
import { countReasons, numberAt, textsOf } from './frame-values.ts';
import type { VersionProfile } from './profile.ts';
import { profileVersion } from './profile-duckdb.ts';
import { WORKING_TYPES } from './read-values.ts';
import { quoteName, quoteText } from './sql-text.ts';
import { PARQUET_OPTIONS, type StoredFile, storedColumn, storedRelation, workingColumn } from './storage-columns.ts';

/** What a cut works with. */
export interface CutInput {
  readonly engine: DuckEngine;
  readonly blobs: BlobStore;
  readonly dataset: Dataset;
  readonly cutMs: number;
  readonly batches: readonly Batch[];
  readonly previous: DatasetVersion | undefined;
}

/** The files of a cut, stored, and the profile of the version they complete. */
export interface CutOutput {
  readonly parts: readonly DatasetPart[];
  readonly quarantine: readonly QuarantinePart[];
  readonly profile: VersionProfile;
}

/**
 * Makes one Parquet part of the rows of some batches that are known before a cut, one of those set aside, and the profile of everything so far.
 *
 * @param input - Batches in order of their numbers; the version before.
 * @returns The parts of the version before with the fresh ones behind them. The same rows give the same bytes.
 */
export async function buildParts(input: CutInput): Promise<CutOutput> {
  const { engine, blobs, dataset, previous } = input;
  const before = previous?.manifest.parts ?? [];
  const stored: StoredFile[] = [];
  for (const part of before)
    stored.push({ path: await engine.admit(await blobs.stage(part.digest), 'parquet'), columns: part.columns });
  const sources = await stageBatches(input);
  return await engine.session(async (session) => {
    const fresh = await writeFresh(session, { ...input, stored, sources });
    const part = fresh.part === undefined ? [] : [fresh.part];
    const aside = fresh.quarantine === undefined ? [] : [fresh.quarantine];
    const quarantine = [...(previous?.manifest.quarantine ?? []), ...aside];
    const files = fresh.file === undefined ? stored : [...stored, fresh.file];
    const columns = dataset.columns.map(workingColumn).join(', ');
    const profile = await profileVersion(session, dataset, {
      relation: `(SELECT ${columns} FROM ${storedRelation(files, dataset.columns)})`,
      quarantined: {
        rows: quarantine.reduce((sum, one) => sum + one.rows, 0),
        reasons: countReasons(quarantine.flatMap((one) => Object.entries(one.reasons))),
      },
    });
    return { parts: [...before, ...part], quarantine, profile };
  });
}

interface StagedBatch {
  readonly batch: Batch;
  readonly path: string;
}

async function stageBatches({ engine, blobs, batches }: CutInput): Promise<readonly StagedBatch[]> {
  const staged: StagedBatch[] = [];
  for (const batch of batches) {
    const path = await blobs.stage(batch.digest);
    staged.push({ batch, path: await engine.admit(path, batch.format === 'frame' ? 'frame' : 'parquet') });
  }
  return staged;
}

interface Fresh {
  readonly part?: DatasetPart;
  readonly file?: StoredFile;
  readonly quarantine?: QuarantinePart;
}

async function writeFresh(
  session: DuckSession,
  input: CutInput & { readonly stored: readonly StoredFile[]; readonly sources: readonly StagedBatch[] },
): Promise<Fresh> {
  if (input.sources.length === 0) return {};
  await loadBatches(session, input);
  await session.run(judgeStatement(input.dataset, input.stored));
  const known = quoteName(input.dataset.knownTime);
  const totals = await session.read(
    `SELECT (count(*) FILTER (gyre_aside IS NULL))::DOUBLE AS rows, count(gyre_aside)::DOUBLE AS aside,
      (min(${known}) FILTER (gyre_aside IS NULL))::DOUBLE AS first, (max(${known}) FILTER (gyre_aside IS NULL))::DOUBLE AS last FROM judged`,
  );
  const accepted = numberAt(totals, 'rows') === 0 ? {} : await writePart(session, input, totals);
  const aside = numberAt(totals, 'aside') === 0 ? {} : await writeQuarantine(session, input, numberAt(totals, 'aside'));
  return { ...accepted, ...aside };
}

async function writePart(session: DuckSession, input: CutInput, totals: Parameters<typeof numberAt>[0]): Promise<Fresh> {
  const { dataset, engine, blobs } = input;
  const path = await engine.freshPath('parquet');
  const order = `${quoteName(dataset.knownTime)}, ${quoteName(dataset.id)}`;
  const columns = dataset.columns.map(storedColumn).join(', ');
  await session.run(
    `COPY (SELECT ${columns} FROM judged WHERE gyre_aside IS NULL ORDER BY ${order}) TO ${quoteText(path)} ${PARQUET_OPTIONS}`,
  );
  const ref = await blobs.putFile(path, { consume: true });
  const part: DatasetPart = {
    digest: ref.digest,
    sizeBytes: ref.sizeBytes,
    rows: numberAt(totals, 'rows'),
    minKnownMs: numberAt(totals, 'first'),
    maxKnownMs: numberAt(totals, 'last'),
    columns: dataset.columns,
  };
  return { part, file: { path: await engine.admit(await blobs.stage(ref.digest), 'parquet'), columns: dataset.columns } };
}

async function writeQuarantine(session: DuckSession, input: CutInput, rows: number): Promise<Fresh> {
  const { dataset, engine, blobs } = input;
  const path = await engine.freshPath('parquet');
  const columns = [...dataset.columns.map(storedColumn), 'gyre_aside AS gyre_reason'].join(', ');
  const order = `${quoteName(dataset.knownTime)}, ${quoteName(dataset.id)}, gyre_batch, gyre_row`;
  await session.run(
    `COPY (SELECT ${columns} FROM judged WHERE gyre_aside IS NOT NULL ORDER BY ${order}) TO ${quoteText(path)} ${PARQUET_OPTIONS}`,
  );
  const ref = await blobs.putFile(path, { consume: true });
  const found = await session.read(
    'SELECT gyre_aside AS reason, count(*)::DOUBLE AS n FROM judged WHERE gyre_aside IS NOT NULL GROUP BY ALL ORDER BY reason',
  );
  const reasons = countReasons(textsOf(found, 'reason').map((reason, row) => [reason, numberAt(found, 'n', row)]));
  return { quarantine: { digest: ref.digest, sizeBytes: ref.sizeBytes, rows, reasons } };
}

/** Brings the rows of all batches into the table `fresh`, with working types. */
async function loadBatches(session: DuckSession, input: CutInput & { readonly sources: readonly StagedBatch[] }): Promise<void> {
  const { dataset, cutMs } = input;
  const columns = dataset.columns.map(
    (column): LoadColumn => ({ name: column.name, kind: loadKind(WORKING_TYPES[column.type], column.type) }),
  );
  const frames = input.sources.flatMap(({ batch, path }): LoadSource[] =>
    batch.format === 'parquet' ? [] : [{ path, batch: batch.number, ...rangeOf(batch, dataset.knownTime, cutMs) }],
  );
  await session.load('loaded', [...columns, { name: 'gyre_reason', kind: 'text' }], frames);
  const typed = dataset.columns.map(
    (column) => `${quoteName(column.name)}::${WORKING_TYPES[column.type]} AS ${quoteName(column.name)}`,
  );
  await session.run(`CREATE TEMP TABLE fresh AS SELECT ${typed.join(', ')}, gyre_reason, gyre_batch, gyre_row FROM loaded`);
  await session.run('DROP TABLE loaded');
  for (const { batch, path } of input.sources) {
    if (batch.format === 'parquet') await session.run(insertParquet(dataset, batch, path, cutMs));
  }
}

function loadKind(workingType: string, type: string): LoadColumn['kind'] {
  if (workingType === 'VARCHAR') return 'text';
  return type === 'integer' ? 'whole' : 'double';
}

function rangeOf(batch: Batch, column: string, cutMs: number): Pick<LoadSource, 'where'> {
  if (batch.minKnownMs >= batch.takenBelowMs && batch.maxKnownMs < cutMs) return {};
  return { where: { column, from: batch.takenBelowMs, to: cutMs } };
}

function insertParquet(dataset: Dataset, batch: Batch, path: string, cutMs: number): string {
  const present = new Set(batch.columns.map((column) => column.name));
  const columns = dataset.columns.map((column) => (present.has(column.name) ? workingColumn(column) : 'NULL'));
  const known = `epoch_ms(${quoteName(dataset.knownTime)})`;
  return `INSERT INTO fresh SELECT ${columns.join(', ')}, gyre_reason, ${String(batch.number)}, file_row_number
    FROM read_parquet(${quoteText(path)}, file_row_number = true)
    WHERE ${known} >= ${String(batch.takenBelowMs)} AND ${known} < ${String(cutMs)}`;
}

/** Sets aside the rows whose id, or other unique value, came before: in an earlier part, an earlier batch, or earlier in the batch. */
function judgeStatement(dataset: Dataset, stored: readonly StoredFile[]): string {
  const earlier = `(SELECT ${dataset.columns.map(workingColumn).join(', ')} FROM ${storedRelation(stored, dataset.columns)})`;
  const repeats = dataset.checks.flatMap((check) => {
    if (check.rule.kind !== 'unique' || check.onBreach === 'warn') return [];
    const column = quoteName(check.rule.column);
    const inOrder = `row_number() OVER (PARTITION BY ${column}, gyre_reason IS NULL ORDER BY gyre_batch, gyre_row)`;
    const repeated = `${column} IS NOT NULL AND (${inOrder} > 1 OR ${column} IN (SELECT ${column} FROM ${earlier} WHERE ${column} IS NOT NULL))`;
    return [`CASE WHEN gyre_reason IS NULL AND ${repeated} THEN ${quoteText(check.name)} END`];
  });
  return `CREATE TEMP TABLE judged AS SELECT *, nullif(concat_ws(',', gyre_reason, ${repeats.join(', ')}), '') AS gyre_aside FROM fresh`;
}
