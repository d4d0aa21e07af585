import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntryInput, AuditLog } from '#platform/audit';
import type { ManualClock } from '#platform/clock';
import type { SqlDatabase } from '#platform/sql';

/** One store with audit logs on it; `log()` gives a further one on the same store and keys. */
export interface AuditHouse {
  readonly database: SqlDatabase;
  readonly clock: ManualClock;
  log(): AuditLog;
  close(): Promise<void>;
}

const anEntry = (entry: Partial<AuditEntryInput> = {}): AuditEntryInput => ({
  actor: 'local-owner',
  action: 'registry.move-alias',
  resource: 'model-version:flights:3',
  outcome: 'done',
  ...entry,
});

/** What someone with access to the database might do, and what the verification must say. */
const TAMPERINGS: readonly { readonly what: string; readonly statements: readonly string[]; readonly atSequence: number }[] = [
  { what: 'an edited actor', statements: ["UPDATE audit_entry SET actor = 'nobody' WHERE sequence = 3"], atSequence: 3 },
  { what: 'an edited time', statements: ['UPDATE audit_entry SET at_ms = at_ms + 1 WHERE sequence = 3'], atSequence: 3 },
  { what: 'edited data', statements: [`UPDATE audit_entry SET data = '{"to":4}' WHERE sequence = 5`], atSequence: 5 },
  { what: 'data that is no JSON', statements: ["UPDATE audit_entry SET data = '{' WHERE sequence = 5"], atSequence: 5 },
  { what: 'a removed reason', statements: ['UPDATE audit_entry SET reason = NULL WHERE sequence = 2'], atSequence: 2 },
  {
    what: 'an edited hash',
    statements: [`UPDATE audit_entry SET leaf_hash = '${'0'.repeat(64)}' WHERE sequence = 4`],
    atSequence: 4,
  },
  { what: 'a deleted entry', statements: ['DELETE FROM audit_entry WHERE sequence = 3'], atSequence: 3 },
  {
    what: 'a deleted entry with the gap closed',
    statements: [
      'DELETE FROM audit_entry WHERE sequence = 3',
      'UPDATE audit_entry SET sequence = sequence - 1 WHERE sequence > 3',
    ],
    atSequence: 3,
  },
  {
    what: 'two entries swapped',
    statements: [
      'UPDATE audit_entry SET sequence = -3 WHERE sequence = 3',
      'UPDATE audit_entry SET sequence = 3 WHERE sequence = 4',
      'UPDATE audit_entry SET sequence = 4 WHERE sequence = -3',
    ],
    atSequence: 3,
  },
  {
    what: 'an inserted entry',
    statements: [
      'UPDATE audit_entry SET sequence = -sequence - 1 WHERE sequence >= 3',
      'UPDATE audit_entry SET sequence = -sequence WHERE sequence < 0',
      'INSERT INTO audit_entry SELECT 3, at_ms, actor, action, project_id, resource, outcome, reason, request_id, data, format, leaf_hash FROM audit_entry WHERE sequence = 1',
    ],
    atSequence: 3,
  },
  ...[0, 9].map((place) => ({
    what: `an entry put in at ${String(place)}, beside the others`,
    statements: [
      `INSERT INTO audit_entry SELECT ${String(place)}, at_ms, actor, action, project_id, resource, outcome, reason, request_id, data, format, leaf_hash FROM audit_entry WHERE sequence = 1`,
    ],
    atSequence: 9,
  })),
];

/**
 * Checks the laws of `AuditLog` on an adapter.
 *
 * @param name - Name of the adapter, for the report.
 * @param open - Opens an empty store for one test.
 */
export function describeAuditLog(name: string, open: () => Promise<AuditHouse>): void {
  describe(`${name} keeps the laws of AuditLog`, () => {
    let house: AuditHouse;
    let log: AuditLog;
    beforeEach(async () => {
      house = await open();
      log = house.log();
    });
    afterEach(() => house.close());
    const append = (entry?: Partial<AuditEntryInput>): Promise<number> =>
      house.database.transaction((tx) => log.append(tx, anEntry(entry)));
    const appendMany = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += 1) await append({ reason: `r${String(i)}`, data: { to: 3, from: i } });
    };
    const run = (statements: readonly string[]): Promise<void> =>
      house.database.transaction(async (tx) => {
        for (const statement of statements) await sql.raw(statement).execute(tx.tables());
      });

    test('an entry comes back as it was appended, with its place', async () => {
      const full = anEntry({
        projectId: 'p1',
        reason: 'gate passed',
        requestId: 'r1',
        outcome: 'refused',
        data: { b: [1, null], a: 'x' },
      });
      expect(await append(full)).toBe(1);
      house.clock.advance(5);
      await append();
      const entries = await house.database.read((tx) => log.read(tx, { limit: 10 }));
      expect(entries.map((entry) => entry.sequence)).toEqual([2, 1]);
      expect(entries[1]).toEqual({ ...full, sequence: 1, atMs: house.clock.nowMs() - 5, leafHash: entries[1]?.leafHash });
      expect(entries[0]).not.toHaveProperty('projectId');
    });

    test('entries are read by project and resource, page by page', async () => {
      for (let i = 0; i < 6; i += 1) await append({ projectId: `p${String(i % 2)}`, resource: `r${String(i % 3)}` });
      const read = (query: {
        readonly projectId?: string;
        readonly resource?: string;
        readonly before?: number;
        readonly limit: number;
      }) => house.database.read(async (tx) => (await log.read(tx, query)).map((entry) => entry.sequence));
      expect(await read({ projectId: 'p1', limit: 2 })).toEqual([6, 4]);
      expect(await read({ projectId: 'p1', limit: 2, before: 4 })).toEqual([2]);
      expect(await read({ resource: 'r0', limit: 9 })).toEqual([4, 1]);
    });

    test('an entry of a transaction that failed does not exist, and leaves no gap', async () => {
      const failing = house.database.transaction(async (tx) => {
        await log.append(tx, anEntry());
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await append()).toBe(1);
      expect(await log.verify()).toMatchObject({ ok: true, entries: 1 });
    });

    test('two writers never fork the tree', async () => {
      const other = house.log();
      const writes = Array.from({ length: 80 }, (_, i) =>
        house.database.transaction((tx) => (i % 2 === 0 ? log : other).append(tx, anEntry({ reason: String(i) }))),
      );
      const sequences = await Promise.all(writes);
      expect([...sequences].sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
      expect(await log.verify()).toMatchObject({ ok: true, entries: 80 });
    });

    test('a checkpoint covers what there is, is made once for it, and is verified', async () => {
      await appendMany(5);
      const first = await log.checkpoint();
      expect(await log.checkpoint()).toEqual(first);
      expect(await house.log().checkpoint()).toEqual(first);
      await appendMany(2);
      const [second, third] = await Promise.all([log.checkpoint(), log.checkpoint()]);
      expect([first.size, second.size, third.size]).toEqual([5, 7, 7]);
      expect(await log.verify()).toEqual({ ok: true, entries: 7, checkpoints: 2, rootHash: second.rootHash });
    });

    test('a checkpoint is a C2SP note', async () => {
      await appendMany(3);
      const { note, rootHash } = await log.checkpoint();
      const lines = note.split('\n');
      expect(lines.slice(1, 4)).toEqual(['3', rootHash, '']);
      expect(lines[4]).toMatch(/^— \S+ [A-Za-z0-9+/]{91}=$/);
      expect(lines[4]?.split(' ')[1]).toBe(lines[0]);
      expect(lines[5]).toBe('');
    });

    test.each(TAMPERINGS)('$what is found', async ({ statements, atSequence }) => {
      await appendMany(8);
      await log.checkpoint();
      expect(await log.verify()).toMatchObject({ ok: true });
      await run(statements);
      expect(await log.verify()).toMatchObject({ ok: false, atSequence });
    });

    test('a rewritten history whose hashes fit is found by the checkpoint', async () => {
      await appendMany(4);
      await log.checkpoint();
      await run(['DELETE FROM audit_entry', "UPDATE audit_head SET size = 0, frontier = '[]'"]);
      await appendMany(6);
      expect(await log.verify()).toMatchObject({ ok: true, checkpoints: 1 });
      await run(['DELETE FROM audit_entry', "UPDATE audit_head SET size = 0, frontier = '[]'"]);
      house.clock.advance(1);
      await appendMany(6);
      expect(await log.verify()).toMatchObject({ ok: false, atSequence: 4 });
      await expect(log.checkpoint()).rejects.toMatchObject({ code: 'audit/forked' });
    });

    test('a cut tail, or an older copy of the database, is found by the checkpoint', async () => {
      await appendMany(3);
      const head = await house.database.read(
        async (tx) => (await sql<{ frontier: string }>`SELECT frontier FROM audit_head`.execute(tx.tables())).rows[0]?.frontier,
      );
      await appendMany(2);
      await log.checkpoint();
      await run(['DELETE FROM audit_entry WHERE sequence > 3', `UPDATE audit_head SET size = 3, frontier = '${head ?? ''}'`]);
      const verification = await log.verify();
      expect(verification).toMatchObject({ ok: false, atSequence: 4, entries: 3 });
      expect(verification.ok ? '' : verification.reason).toMatch(/tail was cut/);
      await expect(house.log().checkpoint()).rejects.toMatchObject({ code: 'audit/forked' });
    });

    test('a clock that goes back does no harm', async () => {
      await append();
      house.clock.advance(-3_600_000);
      await append();
      await log.checkpoint();
      expect(await log.verify()).toMatchObject({ ok: true, entries: 2 });
    });

    test('a crash between entry and checkpoint is made good by the next checkpoint', async () => {
      await appendMany(3);
      await log.checkpoint();
      await appendMany(2);
      const next = house.log();
      expect(await next.verify()).toMatchObject({ ok: true, entries: 5, checkpoints: 1 });
      expect((await next.checkpoint()).size).toBe(5);
      expect(await next.verify()).toMatchObject({ ok: true, entries: 5, checkpoints: 2 });
    });
  });
}
