import type { SqlTx } from '#platform/sql';
import type { Alert } from './monitor-window.ts';
import { estimateOf, storedEstimate } from './stored-signals.ts';

/** An alert with the count of its changes. */
export interface AlertRecord extends Alert {
  readonly version: number;
}

/** Which alerts to list. */
export interface AlertQuery {
  readonly projectId: string;
  readonly state?: 'firing' | 'resolved';
  readonly monitor?: string;
  readonly endpoint?: string;
  /** Only alerts of smaller numbers. */
  readonly before?: number;
  readonly limit: number;
}

interface AlertRow {
  id: string;
  project_id: string;
  number: number;
  monitor: string;
  endpoint: string;
  subject: string;
  state: string;
  reason: string;
  value: string;
  threshold: number;
  window_id: string;
  fired_at_ms: number;
  resolved_at_ms: number | null;
  version: number;
}

interface AlertTables {
  monitoring_alerts: AlertRow;
}

/** Lists alerts, newest first. */
export async function listAlertRows(tx: SqlTx, query: AlertQuery): Promise<readonly AlertRecord[]> {
  let select = tx.tables<AlertTables>().selectFrom('monitoring_alerts').selectAll().where('project_id', '=', query.projectId);
  if (query.state !== undefined) select = select.where('state', '=', query.state);
  if (query.monitor !== undefined) select = select.where('monitor', '=', query.monitor);
  if (query.endpoint !== undefined) select = select.where('endpoint', '=', query.endpoint);
  if (query.before !== undefined) select = select.where('number', '<', query.before);
  const rows = await select.orderBy('number', 'desc').limit(query.limit).execute();
  return rows.map(recordOf);
}

/** Gives the number of the project's newest alert; 0 when there is none. */
export async function lastAlertNumber(tx: SqlTx, projectId: string): Promise<number> {
  return (await listAlertRows(tx, { projectId, limit: 1 }))[0]?.number ?? 0;
}

/** Writes an alert, new or changed. */
export async function saveAlertRow(tx: SqlTx, alert: AlertRecord): Promise<void> {
  const changing = {
    state: alert.state,
    reason: alert.reason,
    value: JSON.stringify(storedEstimate(alert.value)),
    threshold: alert.threshold,
    window_id: alert.windowId,
    resolved_at_ms: alert.resolvedAtMs ?? null,
    version: alert.version,
  };
  await tx
    .tables<AlertTables>()
    .insertInto('monitoring_alerts')
    .values({
      id: alert.id,
      project_id: alert.projectId,
      number: alert.number,
      monitor: alert.monitor,
      endpoint: alert.endpoint,
      subject: alert.subject,
      fired_at_ms: alert.firedAtMs,
      ...changing,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
    .execute();
}

function recordOf(row: AlertRow): AlertRecord {
  return {
    id: row.id,
    projectId: row.project_id,
    number: row.number,
    monitor: row.monitor,
    endpoint: row.endpoint,
    subject: row.subject,
    state: row.state === 'firing' ? 'firing' : 'resolved',
    reason: row.reason,
    value: estimateOf(row.value),
    threshold: row.threshold,
    windowId: row.window_id,
    firedAtMs: row.fired_at_ms,
    resolvedAtMs: row.resolved_at_ms ?? undefined,
    version: row.version,
  };
}
