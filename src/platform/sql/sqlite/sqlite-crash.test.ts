import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';

const folder = mkdtempSync(join(tmpdir(), 'gyre-sqlite-crash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const writer = fileURLToPath(new URL('./crash-writer.fixtures.ts', import.meta.url));
const tables = ['half', 'other'].map((name) => `CREATE TABLE ${name} (id INTEGER PRIMARY KEY) STRICT`);

/** Lets a process write until it is killed, and gives what was acknowledged to it. */
async function writeUntilKilled(firstId: number, failpoint: string | undefined): Promise<readonly number[]> {
  const args = ['--conditions=source', writer, folder, String(firstId), ...(failpoint === undefined ? [] : [failpoint])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  if (failpoint === undefined) {
    await once(child.stdout, 'data');
    await delay(30 + (firstId % 50));
    child.kill('SIGKILL');
  }
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return text.split('\n').slice(0, -1).map(Number);
}

test('after a kill at any joint everything acknowledged is there, and no transaction by half', { timeout: 60_000 }, async () => {
  const empty = await openSqlite({ folder });
  await runMigrations(empty, [{ number: 1, name: 'halves', statements: () => tables }]);
  await empty.close();
  const acknowledged: number[] = [];
  let firstId = 0;
  for (const failpoint of ['sql/before-commit:3', undefined, 'sql/after-commit:9']) {
    const ids = await writeUntilKilled(firstId, failpoint);
    acknowledged.push(...ids);
    const database = await openSqlite({ folder });
    const idsOf = (table: string): Promise<readonly number[]> =>
      database.read(async (tx) => {
        const { rows } = await sql<{ id: number }>`SELECT id FROM ${sql.table(table)} ORDER BY id`.execute(tx.tables());
        return rows.map((row) => row.id);
      });
    const present = await idsOf('half');
    expect(await idsOf('other')).toEqual(present);
    const there = new Set(present);
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    firstId = (present.at(-1) ?? 0) + 100;
    await database.close();
  }
  expect(acknowledged.length).toBeGreaterThan(10);
});
