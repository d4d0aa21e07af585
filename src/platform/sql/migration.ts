import { sql } from 'kysely';
import { GyreError } from '#kernel';
import { digestOfJson } from '#platform/digest';
import type { SqlDatabase, SqlTx } from './sql.ts';

/** The column types a migration may use, one text per dialect. */
export interface ColumnTypes {
  /** Whole numbers of 64 bits. */
  readonly int: string;
  /** Doubles. */
  readonly real: string;
  /** Text, JSON as text, digests, ids. */
  readonly text: string;
  /** Bytes. */
  readonly blob: string;
}

/** Types of SQLite, strict tables. */
export const SQLITE_TYPES: ColumnTypes = { int: 'INTEGER', real: 'REAL', text: 'TEXT', blob: 'BLOB' };
/** Types of Postgres. */
export const POSTGRES_TYPES: ColumnTypes = { int: 'BIGINT', real: 'DOUBLE PRECISION', text: 'TEXT', blob: 'BYTEA' };

/** One forward step of the schema; written once, never changed after it was released. */
export interface Migration {
  /** Unique over the whole repository; migrations run in this order. Each slice has a range (see `main/migrations.ts`). */
  readonly number: number;
  /** Kebab-case: what it brings. */
  readonly name: string;
  /** SQL statements that hold in SQLite and Postgres alike, over the column types of the dialect. */
  statements(types: ColumnTypes): readonly string[];
}

/** What {@link runMigrations} did. */
export interface MigrationReport {
  /** Names of the migrations that ran now, in order. */
  readonly applied: readonly string[];
}

interface MigrationTables {
  gyre_migrations: { number: number; name: string; digest: string };
}

/**
 * Brings the schema forward: runs what has not run yet, each with its own row, and checks by digest that what ran before is unchanged.
 *
 * @param database - The store.
 * @param migrations - The whole list, any order.
 * @returns Which ran now.
 * @throws {@link GyreError} `sql/store-too-new` when the store has a migration that this program does not know;
 * `sql/migration-changed` when one that ran has another digest now; `sql/migration-number-twice` for a repeated number.
 */
export async function runMigrations(database: SqlDatabase, migrations: readonly Migration[]): Promise<MigrationReport> {
  const ordered = [...migrations].sort((a, b) => a.number - b.number);
  assertUniqueNumbers(ordered);
  return await database.transaction(async (tx) => {
    const types = database.dialect === 'sqlite' ? SQLITE_TYPES : POSTGRES_TYPES;
    const db = tx.tables<MigrationTables>();
    await sql`CREATE TABLE IF NOT EXISTS gyre_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL)`.execute(
      db,
    );
    const done = await db.selectFrom('gyre_migrations').selectAll().execute();
    assertKnown(done, ordered);
    const applied: string[] = [];
    for (const migration of ordered) {
      if (await applyOnce({ tx, migration, types, done })) applied.push(migration.name);
    }
    return { applied };
  });
}

async function applyOnce(step: {
  readonly tx: SqlTx;
  readonly migration: Migration;
  readonly types: ColumnTypes;
  readonly done: readonly { number: number; digest: string }[];
}): Promise<boolean> {
  const { tx, migration, types, done } = step;
  // The digest is over the SQLite text in both dialects, so that a copied store carries the same proof.
  const digest = digestOfJson([migration.name, ...migration.statements(SQLITE_TYPES)]);
  const before = done.find((row) => row.number === migration.number);
  if (before !== undefined) {
    if (before.digest === digest) return false;
    throw new GyreError({
      kind: 'internal',
      code: 'sql/migration-changed',
      message: `migration ${String(migration.number)} "${migration.name}" was changed after it ran on this store; add a new migration instead`,
    });
  }
  const db = tx.tables<MigrationTables>();
  for (const statement of migration.statements(types)) await sql.raw(statement).execute(db);
  await db.insertInto('gyre_migrations').values({ number: migration.number, name: migration.name, digest }).execute();
  return true;
}

function assertUniqueNumbers(ordered: readonly Migration[]): void {
  ordered.forEach((migration, index) => {
    const before = ordered[index - 1];
    if (before === undefined || before.number !== migration.number) return;
    throw new GyreError({
      kind: 'internal',
      code: 'sql/migration-number-twice',
      message: `migrations "${before.name}" and "${migration.name}" share the number ${String(migration.number)}`,
    });
  });
}

function assertKnown(done: readonly { number: number; name: string }[], ordered: readonly Migration[]): void {
  const known = new Set(ordered.map((migration) => migration.number));
  const unknown = done.find((row) => !known.has(row.number));
  if (unknown === undefined) return;
  throw new GyreError({
    kind: 'precondition-failed',
    code: 'sql/store-too-new',
    message: `the store has migration ${String(unknown.number)} "${unknown.name}", which this version of Gyre does not know`,
    help: 'start the version of Gyre that wrote it, or a newer one',
  });
}
