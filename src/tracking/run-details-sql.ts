import { type Estimate, GyreError } from '#kernel';
import type { SqlTx } from '#platform/sql';
import { requireArtifactPath, requireName, requireValue } from './names.ts';
import type { RunArtifact, RunInput } from './run.ts';
import { requireRunRow } from './run-rows-sql.ts';
import type { TrackingTables } from './tables.ts';

/** Adds params; one that is there with another value is refused. */
export async function logParams(
  tx: SqlTx,
  runId: string,
  params: Readonly<Record<string, string | number | boolean>>,
): Promise<void> {
  await requireRunRow(tx, runId);
  const wanted = Object.entries(params).map(([name, value]) => ({
    name: requireName('a param', name),
    value: requireValue(`param "${name.slice(0, 60)}"`, String(value)),
  }));
  if (wanted.length === 0) return;
  const known = await tx.tables<TrackingTables>().selectFrom('tracking_params').selectAll().where('run_id', '=', runId).execute();
  const before = new Map(known.map((row) => [row.name, row.value]));
  for (const { name, value } of wanted) requireSameParam(name, before.get(name) ?? value, value);
  const added = wanted.filter(({ name }) => !before.has(name));
  await tx.insertMany({
    table: 'tracking_params',
    columns: ['run_id', 'name', 'value'],
    rows: added.map(({ name, value }) => [runId, name, value]),
  });
}

function requireSameParam(name: string, before: string, value: string): void {
  if (before === value) return;
  throw new GyreError({
    kind: 'conflict',
    code: 'tracking/param-changed',
    message: `param "${name}" of this run is ${JSON.stringify(before.slice(0, 60))} and cannot become ${JSON.stringify(value.slice(0, 60))}; start another run`,
  });
}

/** Sets tags; undefined takes one away. */
export async function setTags(tx: SqlTx, runId: string, tags: Readonly<Record<string, string | undefined>>): Promise<void> {
  await requireRunRow(tx, runId);
  const db = tx.tables<TrackingTables>();
  for (const [name, value] of Object.entries(tags)) {
    if (value === undefined) {
      await db.deleteFrom('tracking_tags').where('run_id', '=', runId).where('name', '=', name).execute();
      continue;
    }
    const row = { run_id: runId, name: requireName('a tag', name), value: requireValue(`tag "${name.slice(0, 60)}"`, value) };
    await db
      .insertInto('tracking_tags')
      .values(row)
      .onConflict((conflict) => conflict.columns(['run_id', 'name']).doUpdateSet({ value }))
      .execute();
  }
}

/** Sets estimates by name. */
export async function logEstimates(tx: SqlTx, runId: string, estimates: Readonly<Record<string, Estimate>>): Promise<void> {
  await requireRunRow(tx, runId);
  const db = tx.tables<TrackingTables>();
  for (const [name, estimate] of Object.entries(estimates)) {
    const content = {
      value: nullForNaN(estimate.value),
      low: nullForNaN(estimate.low),
      high: nullForNaN(estimate.high),
      level: estimate.level,
      n: estimate.n,
      method: estimate.method,
    };
    await db
      .insertInto('tracking_estimates')
      .values({ run_id: runId, name: requireName('an estimate', name), ...content })
      .onConflict((conflict) => conflict.columns(['run_id', 'name']).doUpdateSet(content))
      .execute();
  }
}

function nullForNaN(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Adds an artifact, or replaces the one of its path. */
export async function addArtifact(tx: SqlTx, runId: string, artifact: RunArtifact): Promise<void> {
  await requireRunRow(tx, runId);
  const content = { digest: artifact.digest, size_bytes: artifact.sizeBytes };
  await tx
    .tables<TrackingTables>()
    .insertInto('tracking_artifacts')
    .values({ run_id: runId, path: requireArtifactPath(artifact.path), ...content })
    .onConflict((conflict) => conflict.columns(['run_id', 'path']).doUpdateSet(content))
    .execute();
}

/** Adds inputs; one that is there already counts once. */
export async function addInputs(tx: SqlTx, runId: string, inputs: readonly RunInput[]): Promise<void> {
  await requireRunRow(tx, runId);
  if (inputs.length === 0) return;
  await tx.insertMany({
    table: 'tracking_inputs',
    columns: ['run_id', 'kind', 'name', 'digest'],
    rows: inputs.map((input) => [
      runId,
      requireName('a kind of input', input.kind),
      requireName('an input', input.name),
      input.digest,
    ]),
    onConflict: 'ignore',
  });
}
