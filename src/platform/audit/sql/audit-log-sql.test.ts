import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { auditMigrations, createAuditLog } from '#platform/audit/sql';
import { createManualClock } from '#platform/clock';
import { createMemoryLog } from '#platform/log';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import { type AuditHouse, describeAuditLog } from '../audit.contract.ts';

const root = mkdtempSync(join(tmpdir(), 'gyre-audit-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function openHouse(): Promise<AuditHouse & { readonly keyFolder: string }> {
  const database = await openSqlite({ folder: ':memory:' });
  await runMigrations(database, auditMigrations);
  const clock = createManualClock(1_790_000_000_000);
  const keyFolder = join(mkdtempSync(join(root, 'house-')), 'keys');
  return {
    database,
    clock,
    keyFolder,
    log: () => createAuditLog({ database, clock, keyFolder, log: createMemoryLog() }),
    close: () => database.close(),
  };
}

describeAuditLog('the audit log on SQLite', openHouse);

describe('the folder of the audit key', () => {
  const withLog = async (work: (house: Awaited<ReturnType<typeof openHouse>>) => Promise<void>): Promise<void> => {
    const house = await openHouse();
    try {
      await work(house);
    } finally {
      await house.close();
    }
  };
  const append = (house: AuditHouse) =>
    house.database.transaction((tx) => house.log().append(tx, { actor: 'a', action: 'b.c', resource: 'd', outcome: 'done' }));

  test('keeps the key for its user alone', () =>
    withLog(async (house) => {
      house.log();
      expect(statSync(join(house.keyFolder, 'signing-key.pem')).mode & 0o777).toBe(0o600);
    }));

  test('forgets a note that a crash left unfinished, and goes on behind the last whole one', () =>
    withLog(async (house) => {
      await append(house);
      const first = await house.log().checkpoint();
      appendFileSync(join(house.keyFolder, 'checkpoints.log'), first.note.slice(0, 40));
      expect(await house.log().verify()).toMatchObject({ ok: true, checkpoints: 1 });
      await append(house);
      const second = await house.log().checkpoint();
      expect(readFileSync(join(house.keyFolder, 'checkpoints.log'), 'utf8')).toBe(`${first.note}\n${second.note}\n`);
      expect(await house.log().verify()).toMatchObject({ ok: true, checkpoints: 2 });
    }));

  test('finds a checkpoint that was changed, and one signed by a stranger', () =>
    withLog(async (house) => {
      await append(house);
      const { note } = await house.log().checkpoint();
      const file = join(house.keyFolder, 'checkpoints.log');
      for (const changed of [
        note.replace('\n1\n', '\n2\n'),
        note.replace(/— (\S+) \S{8}/, '— $1 AAAAAAAA'),
        'anything\n\nelse\n\n',
      ]) {
        writeFileSync(file, `${changed}\n`);
        const verification = await house.log().verify();
        expect(verification.ok ? 'ok' : verification.reason).toMatch(/^checkpoint 1 .* was changed/);
      }
    }));

  test('makes a new key when the old one is gone; what the old one signed stays verifiable', () =>
    withLog(async (house) => {
      await append(house);
      await house.log().checkpoint();
      rmSync(join(house.keyFolder, 'signing-key.pem'));
      await append(house);
      await house.log().checkpoint();
      expect(await house.log().verify()).toMatchObject({ ok: true, checkpoints: 2 });
    }));

  test('refuses a key that cannot be read', () =>
    withLog(async (house) => {
      house.log();
      writeFileSync(join(house.keyFolder, 'signing-key.pem'), 'no key');
      expect(() => house.log()).toThrow(/cannot be read/);
    }));
});
