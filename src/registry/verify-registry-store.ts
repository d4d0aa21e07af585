import type { SqlTx } from '#platform/sql';
import type { RegistryVerification } from './registry.ts';
import { isIntact, type MoveRow, type RegistryTables, type VersionRow } from './tables.ts';

type RegistryProblem = RegistryVerification['problems'][number];

/** Recomputes the checksum of every row, and looks for gaps in numbers and histories. Costs a scan of the registry. */
export async function verifyRegistry(tx: SqlTx): Promise<RegistryVerification> {
  const db = tx.tables<RegistryTables>();
  const models = await db.selectFrom('registry_models').selectAll().execute();
  const versions = await db.selectFrom('registry_versions').selectAll().orderBy('model_id').orderBy('number').execute();
  const files = await db.selectFrom('registry_files').selectAll().execute();
  const moves = await db
    .selectFrom('registry_alias_moves')
    .selectAll()
    .orderBy('model_id')
    .orderBy('alias')
    .orderBy('version')
    .execute();
  const problems = [
    ...damaged('registry_models', models, (row) => row.name),
    ...damaged('registry_versions', versions, (row) => row.id),
    ...damaged('registry_files', files, (row) => `${row.version_id}/${row.path}`),
    ...damaged('registry_alias_moves', moves, (row) => `${row.model_id}@${row.alias}/${String(row.version)}`),
    ...orphans(versions, new Set(models.map((model) => model.id))),
    ...withoutFiles(versions, new Set(files.map((file) => file.version_id))),
    ...versionGaps(versions),
    ...moveGaps(moves),
  ];
  return { rows: models.length + versions.length + files.length + moves.length, problems };
}

function damaged<Row extends { readonly checksum: string }>(
  table: string,
  rows: readonly Row[],
  nameOf: (row: Row) => string,
): readonly RegistryProblem[] {
  return rows
    .filter((row) => !isIntact(row))
    .map((row) => ({ table, row: nameOf(row), detail: 'its content does not match its checksum' }));
}

function orphans(versions: readonly VersionRow[], modelIds: ReadonlySet<string>): readonly RegistryProblem[] {
  return versions
    .filter((row) => !modelIds.has(row.model_id))
    .map((row) => ({ table: 'registry_versions', row: row.id, detail: 'its model is gone' }));
}

function withoutFiles(versions: readonly VersionRow[], versionIds: ReadonlySet<string>): readonly RegistryProblem[] {
  return versions
    .filter((row) => !versionIds.has(row.id))
    .map((row) => ({ table: 'registry_versions', row: row.id, detail: 'its files are gone' }));
}

function versionGaps(versions: readonly VersionRow[]): readonly RegistryProblem[] {
  return versions.flatMap((row, index) => {
    const before = versions[index - 1];
    const expected = before?.model_id === row.model_id ? before.number + 1 : 1;
    if (row.number === expected) return [];
    return [
      {
        table: 'registry_versions',
        row: row.id,
        detail: `number ${String(row.number)} follows where ${String(expected)} should`,
      },
    ];
  });
}

/** Each move begins where the one before it ended. */
function moveGaps(moves: readonly MoveRow[]): readonly RegistryProblem[] {
  return moves.flatMap((row, index) => {
    const previous = moves[index - 1];
    const before = previous?.model_id === row.model_id && previous.alias === row.alias ? previous : undefined;
    if (row.version === (before?.version ?? 0) + 1 && row.from_number === (before?.to_number ?? null)) return [];
    const name = `${row.model_id}@${row.alias}/${String(row.version)}`;
    return [{ table: 'registry_alias_moves', row: name, detail: 'the move before it is missing' }];
  });
}
