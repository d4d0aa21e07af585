/** The heavy native libraries are in memory only when they are first needed. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createClient } from '#client';
import { gyreUp } from '../fixtures/gyre-process.ts';

const root = mkdtempSync(join(tmpdir(), 'gyre-first-use-'));
const hasProc = existsSync('/proc/self/maps');

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Names of the native libraries that a process has in memory, as far as this test asks for them. */
function librariesOf(pid: number): readonly string[] {
  const maps = readFileSync(`/proc/${String(pid)}/maps`, 'utf8');
  return ['duckdb', 'onnxruntime'].filter((name) => new RegExp(`/[^\\n]*${name}[^\\n]*\\.(node|so)`).test(maps));
}

test.runIf(hasProc)('a server has DuckDB in memory from its first table on, and onnxruntime not for that', async () => {
  const server = await gyreUp(join(root, 'store'));
  const pid = server.child.pid ?? 0;
  const client = createClient({ url: server.url });
  const text = JSON.stringify({
    gyre: 1,
    project: 'first',
    datasets: { rows: { id: 'id', eventTime: 'at', knownTime: 'at', columns: { id: 'text', at: 'time' } } },
  });
  const fresh = librariesOf(pid);
  await client.projects.apply({ project: 'first', body: { text } });
  const columns = { id: ['a'], at: ['2020-01-01T00:00:00Z'] };
  await client.data.appendRows({ project: 'first', dataset: 'rows', body: { columns } });
  const afterRows = librariesOf(pid);
  await client.data.cutVersion({ project: 'first', dataset: 'rows', body: { cutAt: '2020-01-02T00:00:00Z' } });
  const afterTable = librariesOf(pid);
  server.child.kill('SIGTERM');
  await server.ended;

  expect(fresh).toEqual([]);
  expect(afterRows).toEqual([]);
  expect(afterTable).toEqual(['duckdb']);
});
