import { sql } from 'kysely';
import { formatBytes } from '#kernel';
import type { AuditLog } from '#platform/audit';
import type { BlobStore } from '#platform/blobs';
import type { Migration, SqlDatabase } from '#platform/sql';
import type { Check, Finding } from './check.ts';

/** How many blobs are read again and hashed. */
const BLOB_SAMPLE = 20;

interface StoreTables {
  gyre_migrations: { number: number; name: string };
  sqlite_master: { name: string };
}

/** What a start that broke off, such as on a full disk, leaves. */
const EMPTY_STORE: Finding = { state: 'attention', detail: 'the store has no schema yet', fix: 'gyre up makes it' };

async function hasSchema(database: SqlDatabase): Promise<boolean> {
  const tables = await database.read(
    async (tx) =>
      await tx.tables<StoreTables>().selectFrom('sqlite_master').select('name').where('name', '=', 'gyre_migrations').execute(),
  );
  return tables.length > 0;
}

/**
 * Makes the check of the pages and indexes of a SQLite store.
 *
 * @param database - The store.
 * @returns The check.
 */
export function integrityCheck(database: SqlDatabase): Check {
  return {
    name: 'store',
    look: async () => {
      const rows = await database.read(
        async (tx) => await sql<Record<string, string>>`PRAGMA integrity_check`.execute(tx.tables()),
      );
      const faults = rows.rows.map((row) => Object.values(row)[0] ?? '').filter((text) => text !== 'ok');
      if (faults.length === 0) return { state: 'sound', detail: 'every page and index is whole' };
      return {
        state: 'broken',
        detail: faults.slice(0, 3).join('; '),
        fix: 'stop the server and restore the last backup; keep this folder for us',
      };
    },
  };
}

/**
 * Makes the check that this program and the store agree about the schema.
 *
 * @param database - The store.
 * @param migrations - Every migration this program knows.
 * @returns The check.
 */
export function schemaCheck(database: SqlDatabase, migrations: readonly Migration[]): Check {
  return {
    name: 'schema',
    look: async () => {
      if (!(await hasSchema(database))) return EMPTY_STORE;
      const done = await database.read(
        async (tx) => await tx.tables<StoreTables>().selectFrom('gyre_migrations').select(['number', 'name']).execute(),
      );
      const known = new Set(migrations.map((migration) => migration.number));
      const unknown = done.filter((row) => !known.has(row.number));
      if (unknown.length > 0) {
        const names = unknown.map((row) => row.name).join(', ');
        return {
          state: 'broken',
          detail: `the store has migrations that this version does not know: ${names}`,
          fix: 'start the version that wrote it, or a newer one',
        };
      }
      const missing = migrations.length - done.length;
      if (missing > 0)
        return { state: 'attention', detail: `${String(missing)} migrations have not run`, fix: 'gyre up runs them' };
      return { state: 'sound', detail: `${String(done.length)} migrations, all run` };
    },
  };
}

/**
 * Makes the check that reads a sample of the blobs again and holds them against their digests.
 *
 * @param blobs - The store of blobs.
 * @param digests - Lists what is stored.
 * @returns The check.
 */
export function blobCheck(blobs: BlobStore, digests: () => readonly Parameters<BlobStore['get']>[0][]): Check {
  return {
    name: 'blobs',
    look: async () => {
      const all = digests();
      const step = Math.max(1, Math.floor(all.length / BLOB_SAMPLE));
      let sizeBytes = 0;
      const sample = all.filter((_, index) => index % step === 0).slice(0, BLOB_SAMPLE);
      for (const digest of sample) sizeBytes += (await blobs.get(digest)).length;
      return {
        state: 'sound',
        detail: `${String(all.length)} stored; ${String(sample.length)} read again (${formatBytes(sizeBytes)}), digests right`,
      };
    },
  };
}

/**
 * Makes the check that recomputes the audit tree and holds it against every kept checkpoint.
 *
 * @param audit - The audit log.
 * @param database - The store that it is in.
 * @returns The check.
 */
export function auditCheck(audit: AuditLog, database: SqlDatabase): Check {
  return {
    name: 'audit',
    look: async () => {
      if (!(await hasSchema(database))) return EMPTY_STORE;
      const found = await audit.verify();
      if (found.ok)
        return { state: 'sound', detail: `${String(found.entries)} entries, ${String(found.checkpoints)} checkpoints, unbroken` };
      return {
        state: 'broken',
        detail: `entry ${String(found.atSequence)}: ${found.reason}`,
        fix: 'someone changed the log: keep a copy of the folder, and compare with your backups',
      };
    },
  };
}
