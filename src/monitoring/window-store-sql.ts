import type { Verdict } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { MonitorWindow } from './monitor-window.ts';
import { coverageOf, signalsOf, storedCoverage, storedSignal } from './stored-signals.ts';

/** A window with how often it was looked at. */
export interface WindowRecord extends MonitorWindow {
  /** 0 or 1: a window is looked at once for each. */
  readonly driftLooks: number;
  readonly performanceLooks: number;
  /** Counts changes, from 1. */
  readonly version: number;
}

/** Which windows to list. */
export interface WindowQuery {
  readonly projectId: string;
  readonly monitor?: string;
  readonly endpoint?: string;
  /** Only windows that ended before. */
  readonly beforeMs?: number;
  readonly limit: number;
}

interface WindowRow {
  id: string;
  project_id: string;
  monitor: string;
  endpoint: string;
  from_ms: number;
  to_ms: number;
  evaluated_at_ms: number;
  drift_looks: number;
  performance_looks: number;
  predictions: number;
  coverage: string;
  signals: string;
  verdict: string;
  version: number;
}

interface WindowTables {
  monitoring_windows: WindowRow;
}

/** Finds one window of a monitor; undefined when it was never looked at. */
export async function findWindowRow(
  tx: SqlTx,
  key: { readonly projectId: string; readonly monitor: string; readonly fromMs: number; readonly toMs: number },
): Promise<WindowRecord | undefined> {
  const row = await tx
    .tables<WindowTables>()
    .selectFrom('monitoring_windows')
    .selectAll()
    .where('project_id', '=', key.projectId)
    .where('monitor', '=', key.monitor)
    .where('from_ms', '=', key.fromMs)
    .where('to_ms', '=', key.toMs)
    .executeTakeFirst();
  return row === undefined ? undefined : recordOf(row);
}

/** Lists windows, newest first. */
export async function listWindowRows(tx: SqlTx, query: WindowQuery): Promise<readonly WindowRecord[]> {
  let select = tx.tables<WindowTables>().selectFrom('monitoring_windows').selectAll().where('project_id', '=', query.projectId);
  if (query.monitor !== undefined) select = select.where('monitor', '=', query.monitor);
  if (query.endpoint !== undefined) select = select.where('endpoint', '=', query.endpoint);
  if (query.beforeMs !== undefined) select = select.where('to_ms', '<', query.beforeMs);
  const rows = await select.orderBy('to_ms', 'desc').orderBy('monitor').limit(query.limit).execute();
  return rows.map(recordOf);
}

/** Writes a window, new or changed. */
export async function saveWindowRow(tx: SqlTx, window: WindowRecord): Promise<void> {
  const changing = {
    evaluated_at_ms: window.evaluatedAtMs,
    drift_looks: window.driftLooks,
    performance_looks: window.performanceLooks,
    predictions: window.predictions,
    coverage: JSON.stringify(storedCoverage(window.coverage)),
    signals: JSON.stringify(window.signals.map(storedSignal)),
    verdict: window.verdict,
    version: window.version,
  };
  await tx
    .tables<WindowTables>()
    .insertInto('monitoring_windows')
    .values({
      id: window.id,
      project_id: window.projectId,
      monitor: window.monitor,
      endpoint: window.endpoint,
      from_ms: window.fromMs,
      to_ms: window.toMs,
      ...changing,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
    .execute();
}

function recordOf(row: WindowRow): WindowRecord {
  return {
    id: row.id,
    projectId: row.project_id,
    monitor: row.monitor,
    endpoint: row.endpoint,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    evaluatedAtMs: row.evaluated_at_ms,
    driftLooks: row.drift_looks,
    performanceLooks: row.performance_looks,
    predictions: row.predictions,
    coverage: coverageOf(row.coverage),
    signals: signalsOf(row.signals),
    // Written by saveWindowRow from a Verdict.
    verdict: row.verdict as Verdict,
    version: row.version,
  };
}
