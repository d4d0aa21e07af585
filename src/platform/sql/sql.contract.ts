import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isGyreError } from '#kernel';
import type { SqlDatabase, SqlTx } from '#platform/sql';

interface Tables {
  contract_item: { id: number; name: string; size: number | bigint | null; bytes: Uint8Array | null };
}

/** Makes an empty store for one test; the suite closes it. */
export type OpenSqlDatabase = () => Promise<SqlDatabase>;

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return isGyreError(error) ? error.code : `not a GyreError: ${String(error)}`;
  }
  return 'no error';
}

function latch(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

const items = (tx: SqlTx) => tx.tables<Tables>();
const add = (tx: SqlTx, id: number, name = `item ${String(id)}`) =>
  items(tx).insertInto('contract_item').values({ id, name, size: null, bytes: null }).execute();
const count = async (tx: SqlTx): Promise<number> => {
  const row = await items(tx)
    .selectFrom('contract_item')
    .select((build) => build.fn.countAll().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
};

/**
 * Checks the laws of `SqlDatabase` on an adapter.
 *
 * @param name - Name of the adapter, for the report.
 * @param open - Opens an empty store.
 */
export function describeSqlDatabase(name: string, open: OpenSqlDatabase): void {
  describe(`${name} keeps the laws of SqlDatabase`, () => {
    let database: SqlDatabase;
    beforeEach(async () => {
      database = await open();
      const int = database.dialect === 'sqlite' ? 'INTEGER' : 'BIGINT';
      const bytes = database.dialect === 'sqlite' ? 'BLOB' : 'BYTEA';
      await database.transaction(async (tx) => {
        const text = `CREATE TABLE contract_item (id ${int} PRIMARY KEY, name TEXT NOT NULL UNIQUE, size ${int}, bytes ${bytes})`;
        await sql.raw(text).execute(items(tx));
      });
    });
    afterEach(async () => {
      await database.close();
    });

    test('a committed row is there for the next read', async () => {
      await database.transaction((tx) => add(tx, 1));
      expect(await database.read(count)).toBe(1);
    });

    test('a transaction gives what its work gives', async () => {
      expect(await database.transaction(async () => 'answer')).toBe('answer');
    });

    test('work that throws leaves nothing behind, and the same error comes out', async () => {
      const failure = new Error('no');
      const work = database.transaction(async (tx) => {
        await add(tx, 1);
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await database.read(count)).toBe(0);
    });

    test('work that throws undoes only itself, not those it shares a commit with', async () => {
      const works = Array.from({ length: 40 }, (_, i) =>
        database.transaction(async (tx) => {
          await add(tx, i);
          if (i % 2 === 1) throw new Error(`no ${String(i)}`);
        }),
      );
      const outcomes = await Promise.allSettled(works);
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled').length).toBe(20);
      const rows = await database.read((tx) => items(tx).selectFrom('contract_item').select('id').orderBy('id').execute());
      expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 20 }, (_, i) => i * 2));
    });

    test('transactions are serializable: concurrent read-modify-writes lose nothing', async () => {
      await database.transaction((tx) =>
        items(tx).insertInto('contract_item').values({ id: 1, name: 'sum', size: 0, bytes: null }).execute(),
      );
      const bump = async (tx: SqlTx): Promise<void> => {
        const row = await items(tx).selectFrom('contract_item').select('size').where('id', '=', 1).executeTakeFirstOrThrow();
        await items(tx)
          .updateTable('contract_item')
          .set({ size: Number(row.size) + 1 })
          .where('id', '=', 1)
          .execute();
      };
      await Promise.all(Array.from({ length: 100 }, () => database.transaction(bump)));
      const row = await database.read((tx) => items(tx).selectFrom('contract_item').select('size').executeTakeFirstOrThrow());
      expect(row.size).toBe(100);
    });

    test('a read keeps its snapshot while others commit, and sees no half of a transaction', async () => {
      await database.transaction((tx) => add(tx, 1));
      await database.read(async (tx) => {
        expect(await count(tx)).toBe(1);
        await database.transaction((other) => add(other, 2));
        expect(await count(tx)).toBe(1);
      });
      expect(await database.read(count)).toBe(2);
    });

    test('a read does not wait for a transaction under way, and does not see it', async () => {
      const wrote = latch();
      const goOn = latch();
      const writing = database.transaction(async (tx) => {
        await add(tx, 1);
        wrote.open();
        await goOn.opened;
      });
      await wrote.opened;
      expect(await database.read(count)).toBe(0);
      goOn.open();
      await writing;
      expect(await database.read(count)).toBe(1);
    });

    test('more reads than readers all get their turn', async () => {
      await database.transaction((tx) => add(tx, 1));
      const counts = await Promise.all(Array.from({ length: 20 }, () => database.read(count)));
      expect(counts).toEqual(Array.from({ length: 20 }, () => 1));
    });

    test('a read that writes is refused', async () => {
      expect(await codeOf(database.read((tx) => add(tx, 1)))).toBe('sql/read-only');
      expect(await database.read(count)).toBe(0);
    });

    test('statements run in the order of their calls, also when nobody waits between them', async () => {
      const names = await database.transaction(async (tx) => {
        const first = add(tx, 1, 'a');
        const many = tx.insertMany({ table: 'contract_item', columns: ['id', 'name'], rows: [[2, 'b']] });
        const renamed = items(tx).updateTable('contract_item').set({ name: 'c' }).where('id', '=', 2).execute();
        await Promise.all([first, many, renamed]);
        return items(tx).selectFrom('contract_item').select('name').orderBy('id').execute();
      });
      expect(names.map((row) => row.name)).toEqual(['a', 'c']);
    });

    test('a handle that is used after its work has settled is refused', async () => {
      const kept = await database.transaction(async (tx) => tx);
      expect(await codeOf(add(kept, 1))).toBe('sql/transaction-over');
      expect(await codeOf(kept.insertMany({ table: 'contract_item', columns: ['id'], rows: [[1]] }))).toBe(
        'sql/transaction-over',
      );
      expect(await database.read(count)).toBe(0);
    });

    test('a transaction within a transaction handle is refused', async () => {
      const nested = database.transaction((tx) =>
        items(tx)
          .transaction()
          .execute(async () => 1),
      );
      expect(await codeOf(nested)).toBe('sql/nested-transaction');
    });

    test('a row that breaks a unique index is a conflict', async () => {
      await database.transaction((tx) => add(tx, 1));
      expect(await codeOf(database.transaction((tx) => add(tx, 1)))).toBe('sql/unique-violated');
      expect(await codeOf(database.transaction((tx) => add(tx, 2, 'item 1')))).toBe('sql/unique-violated');
    });

    test('a statement that makes no sense is refused by name', async () => {
      const broken = database.transaction((tx) => sql`SELEKT 1`.execute(items(tx)));
      expect(await codeOf(broken)).toBe('sql/statement-failed');
    });

    test('insertMany inserts all rows and counts them', async () => {
      const rows = Array.from({ length: 1000 }, (_, i) => [i, `n${String(i)}`, i * 2]);
      const inserted = await database.transaction((tx) =>
        tx.insertMany({ table: 'contract_item', columns: ['id', 'name', 'size'], rows }),
      );
      expect(inserted).toBe(1000);
      expect(await database.read(count)).toBe(1000);
    });

    test('insertMany with ignore leaves out rows that break a unique index, and does not count them', async () => {
      await database.transaction((tx) => add(tx, 1, 'one'));
      const rows = [
        [1, 'again'],
        [2, 'one'],
        [3, 'three'],
      ];
      const insert = { table: 'contract_item', columns: ['id', 'name'], rows, onConflict: 'ignore' } as const;
      expect(await database.transaction((tx) => tx.insertMany(insert))).toBe(1);
      expect(await database.read(count)).toBe(2);
    });

    test('insertMany without ignore inserts all or nothing', async () => {
      await database.transaction((tx) => add(tx, 2));
      const insert = {
        table: 'contract_item',
        columns: ['id', 'name'],
        rows: [
          [1, 'a'],
          [2, 'b'],
        ],
      };
      expect(await codeOf(database.transaction((tx) => tx.insertMany(insert)))).toBe('sql/unique-violated');
      expect(await database.read(count)).toBe(1);
    });

    test('integers, texts, bytes and absence come back as they were', async () => {
      const rows: [number, string, number | bigint | null, Uint8Array | null][] = [
        [1, '', Number.MAX_SAFE_INTEGER, new Uint8Array()],
        [2, 'naïve \u{1f300}', 9_007_199_254_740_993n, new Uint8Array([0, 255, 128])],
        [3, 'quote \' " ; --', -9_223_372_036_854_775_808n, null],
        [4, 'none', null, null],
      ];
      await database.transaction((tx) =>
        tx.insertMany({ table: 'contract_item', columns: ['id', 'name', 'size', 'bytes'], rows }),
      );
      const read = await database.read((tx) => items(tx).selectFrom('contract_item').selectAll().orderBy('id').execute());
      expect(read.map((row) => [row.id, row.name, row.size, row.bytes])).toEqual(rows);
    });

    test('a returning clause gives exact integers and runs once', async () => {
      const returned = await database.transaction((tx) =>
        items(tx)
          .insertInto('contract_item')
          .values({ id: 1, name: 'big', size: 9_007_199_254_740_993n, bytes: null })
          .returning(['id', 'size'])
          .execute(),
      );
      expect(returned).toEqual([{ id: 1, size: 9_007_199_254_740_993n }]);
      expect(await database.read(count)).toBe(1);
    });

    test('updates and deletions tell how many rows they met', async () => {
      await database.transaction(async (tx) => {
        await tx.insertMany({
          table: 'contract_item',
          columns: ['id', 'name'],
          rows: [
            [1, 'a'],
            [2, 'b'],
            [3, 'c'],
          ],
        });
        const updated = await items(tx)
          .updateTable('contract_item')
          .set({ size: 1 })
          .where('id', '>', 1)
          .executeTakeFirstOrThrow();
        const deleted = await items(tx).deleteFrom('contract_item').where('id', '=', 9).executeTakeFirstOrThrow();
        expect([updated.numUpdatedRows, deleted.numDeletedRows]).toEqual([2n, 0n]);
      });
    });

    test('afterCommit is called after a commit and never after a rollback', async () => {
      const calls: string[] = [];
      await database.transaction(async (tx) => {
        tx.afterCommit(() => calls.push('kept'));
        await add(tx, 1);
        expect(calls).toEqual([]);
      });
      const failing = database.transaction(async (tx) => {
        tx.afterCommit(() => calls.push('undone'));
        await add(tx, 1);
      });
      expect(await codeOf(failing)).toBe('sql/unique-violated');
      expect(calls).toEqual(['kept']);
      expect(await codeOf(database.read(async (tx) => tx.afterCommit(() => undefined)))).toBe('sql/read-only');
    });

    test('a closed store waits for open work, then refuses', async () => {
      const writing = Promise.all(Array.from({ length: 10 }, (_, i) => database.transaction((tx) => add(tx, i))));
      const reading = database.read(count);
      const closing = database.close();
      expect(await codeOf(database.transaction((tx) => add(tx, 99)))).toBe('sql/closed');
      expect(await codeOf(database.read(count))).toBe('sql/closed');
      await Promise.all([writing, reading, closing, database.close()]);
    });
  });
}
