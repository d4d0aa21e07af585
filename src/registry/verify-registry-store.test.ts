import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SqlTx } from '#platform/sql';
import { aFile, aRegistration, openRegistry, type RegistryBench } from './registry.fixtures.ts';
import type { RegistryTables } from './tables.ts';
import { verifyRegistry } from './verify-registry-store.ts';

let bench: RegistryBench;
beforeAll(async () => {
  bench = await openRegistry();
  await bench.write(async (tx) => {
    for (const runId of ['r1', 'r2', 'r3']) {
      await bench.registry.registerVersion(tx, aRegistration({ runId, files: [aFile(), aFile('model.onnx')] }));
    }
    for (const to of [1, 2, 3]) {
      await bench.registry.moveAlias(tx, { projectId: 'p1', model: 'churn', alias: 'champion', to, actor: 'ann', why: 'better' });
    }
  });
});
afterAll(() => bench.close());

class Undo extends Error {}

/** Damages the store, verifies, and takes the damage back. */
async function problemsAfter(damage: (tx: SqlTx) => Promise<unknown>): Promise<readonly string[]> {
  let found: readonly string[] = [];
  const work = bench.write(async (tx) => {
    await damage(tx);
    found = (await verifyRegistry(tx)).problems.map((problem) => `${problem.table}: ${problem.detail}`);
    throw new Undo();
  });
  await expect(work).rejects.toBeInstanceOf(Undo);
  return found;
}

test('an untouched registry has no problem, and every row is counted', async () => {
  expect(await bench.read((tx) => bench.registry.verifyRegistry(tx))).toEqual({ rows: 1 + 3 + 6 + 3, problems: [] });
});

test('an edit of any column shows', async () => {
  const edits: readonly [string, (tx: SqlTx) => Promise<unknown>][] = [
    ['registry_models', (tx) => tx.tables<RegistryTables>().updateTable('registry_models').set({ description: 'x' }).execute()],
    [
      'registry_versions',
      (tx) => tx.tables<RegistryTables>().updateTable('registry_versions').set({ run_id: 'x' }).where('number', '=', 2).execute(),
    ],
    [
      'registry_files',
      (tx) =>
        tx
          .tables<RegistryTables>()
          .updateTable('registry_files')
          .set({ size_bytes: 9 })
          .where('path', '=', 'model.onnx')
          .execute(),
    ],
    [
      'registry_alias_moves',
      (tx) =>
        tx.tables<RegistryTables>().updateTable('registry_alias_moves').set({ actor: 'eve' }).where('version', '=', 1).execute(),
    ],
  ];
  for (const [table, edit] of edits) {
    expect(await problemsAfter(edit)).toContain(`${table}: its content does not match its checksum`);
  }
});

test('a row that is gone shows', async () => {
  const db = (tx: SqlTx) => tx.tables<RegistryTables>();
  expect(await problemsAfter((tx) => db(tx).deleteFrom('registry_versions').where('number', '=', 2).execute())).toEqual([
    'registry_versions: number 3 follows where 2 should',
  ]);
  expect(await problemsAfter((tx) => db(tx).deleteFrom('registry_alias_moves').where('version', '=', 2).execute())).toEqual([
    'registry_alias_moves: the move before it is missing',
  ]);
  expect(await problemsAfter((tx) => db(tx).deleteFrom('registry_files').execute())).toEqual(
    Array.from({ length: 3 }, () => 'registry_versions: its files are gone'),
  );
  expect(await problemsAfter((tx) => db(tx).deleteFrom('registry_models').execute())).toContain(
    'registry_versions: its model is gone',
  );
});
