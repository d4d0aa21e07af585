/**
 * The metadata store on SQLite, embedded: one writer thread with group commit, reader threads with snapshots.
 *
 * @example
 * ```ts
 * const database = await openSqlite({ folder: ':memory:' });
 * await database.read(async () => 42); // => 42
 * await database.close();
 * ```
 *
 * @module
 */
export { openSqlite, type SqliteOptions } from './sqlite-database.ts';
