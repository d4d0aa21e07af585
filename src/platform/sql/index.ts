/**
 * The metadata store as a port: transactions over SQL with typed queries (Kysely), the same on SQLite and Postgres.
 * A slice owns its tables, names them `<slice>_<noun>`, and never joins another slice's.
 *
 * @module
 */
export {
  type ColumnTypes,
  type Migration,
  type MigrationReport,
  POSTGRES_TYPES,
  runMigrations,
  SQLITE_TYPES,
} from './migration.ts';
export type { SqlDatabase, SqlTx, SqlValue } from './sql.ts';
