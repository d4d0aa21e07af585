import type { JsonObject } from '#kernel';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import { alertChanges, subjectOf } from './alert-changes.ts';
import { type AlertRecord, lastAlertNumber, listAlertRows, saveAlertRow } from './alert-store-sql.ts';
import type { WindowSignal } from './monitor-window.ts';
import { finiteOrNull } from './stored-signals.ts';
import type { Look } from './watch-machine.ts';
import type { WindowRecord } from './window-store-sql.ts';

/** Who fires and resolves alerts, as the audit log names it. */
export const MONITOR_PRINCIPAL = 'service:monitor';

const MOST_FIRING = 5000;

type AlertPorts = Pick<Platform, 'ids' | 'events' | 'audit'>;

/** Fires, confirms and resolves alerts by what a look at a window found, with their events and audit entries. */
export async function applyAlerts(
  ports: AlertPorts,
  tx: SqlTx,
  found: {
    readonly look: Look;
    readonly window: WindowRecord;
    readonly signals: readonly WindowSignal[];
    readonly isConclusive: boolean;
  },
): Promise<void> {
  const { window } = found;
  const firing = await listFiring(tx, window);
  const changes = alertChanges({ ...found, firing });
  let number = await lastAlertNumber(tx, window.projectId);
  for (const signal of changes.fire) {
    number += 1;
    await fire(ports, tx, { number, signal, window });
  }
  for (const { alert, signal } of changes.confirm) await confirm(ports, tx, { alert, signal, window });
  for (const { alert, why } of changes.resolve) await resolveAlert(ports, tx, { alert, why, atMs: window.evaluatedAtMs });
}

/** Lists the firing alerts of a monitor. */
export async function listFiring(
  tx: SqlTx,
  monitor: { readonly projectId: string; readonly monitor: string },
): Promise<readonly AlertRecord[]> {
  return listAlertRows(tx, { projectId: monitor.projectId, monitor: monitor.monitor, state: 'firing', limit: MOST_FIRING });
}

async function fire(
  ports: AlertPorts,
  tx: SqlTx,
  cause: { readonly number: number; readonly signal: WindowSignal; readonly window: WindowRecord },
): Promise<void> {
  const { number, signal, window } = cause;
  const alert: AlertRecord = {
    id: ports.ids.next(),
    projectId: window.projectId,
    number,
    monitor: window.monitor,
    endpoint: window.endpoint,
    subject: subjectOf(signal),
    state: 'firing',
    reason: signal.text,
    value: signal.value,
    threshold: signal.threshold,
    windowId: window.id,
    firedAtMs: window.evaluatedAtMs,
    resolvedAtMs: undefined,
    version: 1,
  };
  await saveAlertRow(tx, alert);
  await tell(ports, tx, { alert, topic: 'monitoring.alert-fired', reason: alert.reason });
  await audit(ports, tx, { alert, action: 'monitoring.fire-alert', reason: alert.reason });
}

async function confirm(
  ports: AlertPorts,
  tx: SqlTx,
  cause: { readonly alert: AlertRecord; readonly signal: WindowSignal; readonly window: WindowRecord },
): Promise<void> {
  const { signal, window } = cause;
  const alert: AlertRecord = {
    ...cause.alert,
    reason: signal.text,
    value: signal.value,
    threshold: signal.threshold,
    windowId: window.id,
    version: cause.alert.version + 1,
  };
  await saveAlertRow(tx, alert);
  await tell(ports, tx, { alert, topic: 'monitoring.alert-confirmed', reason: alert.reason });
}

/** Ends an alert, with its event and audit entry. */
export async function resolveAlert(
  ports: AlertPorts,
  tx: SqlTx,
  cause: { readonly alert: AlertRecord; readonly why: string; readonly atMs: number },
): Promise<void> {
  const version = cause.alert.version + 1;
  const alert: AlertRecord = { ...cause.alert, state: 'resolved', resolvedAtMs: cause.atMs, version };
  await saveAlertRow(tx, alert);
  await tell(ports, tx, { alert, topic: 'monitoring.alert-resolved', reason: cause.why });
  await audit(ports, tx, { alert, action: 'monitoring.resolve-alert', reason: cause.why });
}

async function tell(
  ports: AlertPorts,
  tx: SqlTx,
  news: { readonly alert: AlertRecord; readonly topic: string; readonly reason: string },
): Promise<void> {
  const { alert, topic, reason } = news;
  await ports.events.append(tx, {
    topic,
    projectId: alert.projectId,
    entity: 'alert',
    entityId: alert.id,
    entityVersion: alert.version,
    data: { ...factsOf(alert), reason },
  });
}

async function audit(
  ports: AlertPorts,
  tx: SqlTx,
  act: { readonly alert: AlertRecord; readonly action: string; readonly reason: string },
): Promise<void> {
  const { alert, action, reason } = act;
  await ports.audit.append(tx, {
    actor: MONITOR_PRINCIPAL,
    action,
    projectId: alert.projectId,
    resource: `alert:${String(alert.number)}`,
    outcome: 'done',
    reason,
    data: factsOf(alert),
  });
}

function factsOf(alert: AlertRecord): JsonObject {
  return {
    monitor: alert.monitor,
    endpoint: alert.endpoint,
    subject: alert.subject,
    number: alert.number,
    value: finiteOrNull(alert.value.value),
    threshold: finiteOrNull(alert.threshold),
    n: alert.value.n,
    windowId: alert.windowId,
  };
}
