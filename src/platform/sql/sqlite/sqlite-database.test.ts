import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { isGyreError } from '#kernel';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import { describeSqlDatabase } from '../sql.contract.ts';

interface Tables {
  note: { id: number; text: string };
}

const root = mkdtempSync(join(tmpdir(), 'gyre-sqlite-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const freshFolder = (): string => mkdtempSync(join(root, 'store-'));
const noteTable = {
  number: 1,
  name: 'notes',
  statements: () => ['CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT'],
};

describeSqlDatabase('SQLite in memory', () => openSqlite({ folder: ':memory:' }));
describeSqlDatabase('SQLite in a file', () => openSqlite({ folder: freshFolder() }));
describeSqlDatabase('SQLite with one reader', () => openSqlite({ folder: freshFolder(), readers: 1 }));

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return isGyreError(error) ? error.code : undefined;
}

describe('a SQLite store', () => {
  test('keeps its rows over closing and opening', async () => {
    const folder = freshFolder();
    const before = await openSqlite({ folder });
    await runMigrations(before, [noteTable]);
    await before.transaction((tx) => tx.tables<Tables>().insertInto('note').values({ id: 1, text: 'kept' }).execute());
    await before.close();
    expect(readdirSync(folder)).toEqual(['gyre.db']);
    const after = await openSqlite({ folder });
    const rows = await after.read((tx) => tx.tables<Tables>().selectFrom('note').selectAll().execute());
    await after.close();
    expect(rows).toEqual([{ id: 1, text: 'kept' }]);
  });

  test('runs with the write-ahead log, full synchronization and foreign keys', async () => {
    const database = await openSqlite({ folder: freshFolder() });
    const settings = await database.transaction(async (tx) => {
      const values: unknown[] = [];
      for (const name of ['journal_mode', 'synchronous', 'foreign_keys']) {
        const { rows } = await sql.raw<Record<string, unknown>>(`PRAGMA ${name}`).execute(tx.tables());
        values.push(rows[0]?.[name]);
      }
      return values;
    });
    await database.close();
    expect(settings).toEqual(['wal', 2, 1]);
  });

  test('shares one commit between the transactions that wait', async () => {
    const commits: string[] = [];
    const database = await openSqlite({
      folder: ':memory:',
      failpoints: {
        hit: (name) => {
          commits.push(name);
        },
      },
    });
    await runMigrations(database, [noteTable]);
    commits.length = 0;
    const works = Array.from({ length: 60 }, (_, i) =>
      database.transaction((tx) => tx.tables<Tables>().insertInto('note').values({ id: i, text: '' }).execute()),
    );
    await Promise.all(works);
    await database.close();
    expect(commits.filter((name) => name === 'sql/before-commit').length).toBeLessThan(30);
    expect(commits.length % 2).toBe(0);
  });

  test('fails every transaction of a commit that fails, and goes on with the next', async () => {
    const database = await openSqlite({ folder: ':memory:' });
    const owned =
      'CREATE TABLE page (id INTEGER PRIMARY KEY, note_id INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED) STRICT';
    await runMigrations(database, [noteTable, { number: 2, name: 'pages', statements: () => [owned] }]);
    const addNote = (id: number) =>
      database.transaction((tx) => tx.tables<Tables>().insertInto('note').values({ id, text: '' }).execute());
    const orphan = () => database.transaction((tx) => sql`INSERT INTO page (id, note_id) VALUES (1, 99)`.execute(tx.tables()));
    expect(await Promise.all([codeOf(orphan()), codeOf(addNote(1))])).toEqual([
      'sql/constraint-violated',
      'sql/constraint-violated',
    ]);
    await addNote(2);
    const rows = await database.read((tx) => tx.tables<Tables>().selectFrom('note').select('id').execute());
    await database.close();
    expect(rows).toEqual([{ id: 2 }]);
  });

  test('rolls back what takes too long, and says so', async () => {
    const database = await openSqlite({ folder: ':memory:', transactionTimeoutMs: 50 });
    await runMigrations(database, [noteTable]);
    const inner = async (): Promise<void> => database.transaction(async () => undefined);
    const slow = database.transaction(async (tx) => {
      await tx.tables<Tables>().insertInto('note').values({ id: 1, text: '' }).execute();
      await inner();
    });
    expect(await codeOf(slow)).toBe('sql/transaction-timeout');
    const rows = await database.read((tx) => tx.tables<Tables>().selectFrom('note').selectAll().execute());
    await database.close();
    expect(rows).toEqual([]);
  });

  test('reports a full disk, undoes the transaction, and goes on when there is space again', async () => {
    const database = await openSqlite({ folder: freshFolder() });
    await runMigrations(database, [noteTable]);
    const limit = (pages: number) =>
      database.transaction((tx) => sql.raw(`PRAGMA max_page_count = ${String(pages)}`).execute(tx.tables()));
    const fill = (firstId: number) => {
      const rows = Array.from({ length: 500 }, (_, i) => [firstId + i, 'x'.repeat(500)]);
      return database.transaction((tx) => tx.insertMany({ table: 'note', columns: ['id', 'text'], rows }));
    };
    await limit(8);
    const outcomes = await Promise.allSettled([fill(0), fill(1000)]);
    const codes = outcomes.map((outcome) =>
      outcome.status === 'rejected' && isGyreError(outcome.reason) ? outcome.reason.code : 'kept',
    );
    expect(codes).toEqual(['sql/disk-full', 'sql/disk-full']);
    await limit(100_000);
    expect(await fill(0)).toBe(500);
    const rows = await database.read((tx) => tx.tables<Tables>().selectFrom('note').select('id').execute());
    await database.close();
    expect(rows.length).toBe(500);
  });

  test('refuses a value that has no form in the store', async () => {
    const database = await openSqlite({ folder: ':memory:' });
    await runMigrations(database, [noteTable]);
    for (const value of [{}, undefined, true, Number.NaN, 2n ** 63n, new Date(0)]) {
      const bad = database.transaction((tx) => sql`INSERT INTO note (id, text) VALUES (1, ${value})`.execute(tx.tables()));
      expect(await codeOf(bad)).toBe('sql/bad-value');
    }
    await database.close();
  });

  test('does not open what is no store', async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'gyre.db'), 'this is a text and not a database, however long it goes on '.repeat(100));
    expect(await codeOf(openSqlite({ folder }))).toBe('sql/open-failed');
  });

  test('leaves no file behind when it was in memory', async () => {
    const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
    const own = (): string[] => readdirSync(place).filter((name) => name.startsWith('gyre-memory-'));
    const before = new Set(own());
    const database = await openSqlite({ folder: ':memory:' });
    const made = own().filter((name) => !before.has(name));
    await database.close();
    expect(made.length).toBeGreaterThan(0);
    expect(own().filter((name) => made.includes(name)).length).toBeLessThan(made.length);
  });
});
