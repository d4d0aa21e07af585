import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { PLATFORM_FAILPOINTS } from '#platform/failpoint';
import { openSqlite } from '#platform/sql/sqlite';

const folder = mkdtempSync(join(tmpdir(), 'gyre-machine-crash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runner = fileURLToPath(new URL('./crash-runner.fixtures.ts', import.meta.url));
const joints = PLATFORM_FAILPOINTS.filter((name) => /^(machine|events|sql)\//.test(name));

/** Runs the march; tells whether it came to its end. */
async function live(failpoint: string | undefined): Promise<boolean> {
  const args = ['--conditions=source', runner, folder, ...(failpoint === undefined ? [] : [failpoint])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect([code, signal]).toEqual(signal === null ? [0, null] : [null, 'SIGKILL']);
  return signal === null;
}

test('a march that is killed at every joint in turn comes to the same end, each step once', { timeout: 120_000 }, async () => {
  for (const joint of joints) expect(await live(`${joint}:${joint.startsWith('events/') ? '1' : '2'}`)).toBe(false);
  expect(await live(undefined)).toBe(true);
  const database = await openSqlite({ folder });
  const end = await database.read(async (tx) => {
    const db = tx.tables();
    const instances = await sql<{ state: string; version: number }>`SELECT state, version FROM machine_instance`.execute(db);
    const echoes = await sql<{ position: number }>`SELECT position FROM echo ORDER BY rowid`.execute(db);
    const history = await sql<{ sequence: number }>`SELECT sequence FROM machine_history ORDER BY sequence`.execute(db);
    const open = await sql<{ n: number }>`SELECT count(*) AS n FROM machine_effect WHERE state IN ('queued', 'running')`.execute(
      db,
    );
    return { instances: instances.rows, echoes: echoes.rows, history: history.rows, open: open.rows[0]?.n };
  });
  await database.close();
  const steps = Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? `done s${String(i / 2)}` : 'timer')).concat('done s12');
  expect(end.instances).toEqual([{ state: JSON.stringify({ seen: steps }), version: 26 }]);
  const counted = Array.from({ length: 26 }, (_, i) => i + 1);
  expect(end.history.map((line) => line.sequence)).toEqual(counted);
  expect(end.echoes.map((echo) => echo.position)).toEqual(counted);
  expect(end.open).toBe(0);
});
