import { formatTime } from '#kernel';
import type { AlertBody, EndpointHealthBody, MonitorBody, MonitorWindowBody } from './api.ts';
import type { Monitor } from './monitor.ts';
import type { Alert, EndpointHealth, MonitorWindow } from './monitor-window.ts';
import { storedCoverage, storedEstimate, storedSignal } from './stored-signals.ts';

/** Gives the wire form of a window. */
export function presentWindow(window: MonitorWindow): MonitorWindowBody {
  return {
    id: window.id,
    monitor: window.monitor,
    endpoint: window.endpoint,
    from: formatTime(window.fromMs),
    to: formatTime(window.toMs),
    evaluatedAt: formatTime(window.evaluatedAtMs),
    predictions: window.predictions,
    coverage: storedCoverage(window.coverage),
    verdict: window.verdict,
    signals: window.signals.map(storedSignal),
  };
}

/** Gives the wire form of an alert. */
export function presentAlert(alert: Alert): AlertBody {
  return {
    id: alert.id,
    number: alert.number,
    monitor: alert.monitor,
    endpoint: alert.endpoint,
    subject: alert.subject,
    state: alert.state,
    reason: alert.reason,
    value: storedEstimate(alert.value),
    threshold: alert.threshold,
    windowId: alert.windowId,
    firedAt: formatTime(alert.firedAtMs),
    ...(alert.resolvedAtMs === undefined ? {} : { resolvedAt: formatTime(alert.resolvedAtMs) }),
  };
}

/** Gives the wire form of a monitor with what it found last. */
export function presentMonitor(
  monitor: Monitor,
  found: { readonly firing: number; readonly lastWindow: MonitorWindow | undefined },
): MonitorBody {
  const { name, endpoint, windowMs, minimumRows, performance } = monitor;
  const { features, ...drift } = monitor.drift;
  return {
    name,
    endpoint,
    windowMs,
    minimumRows,
    drift: { ...drift, ...(features === undefined ? {} : { features: [...features] }) },
    ...(performance === undefined ? {} : { performance: { ...performance } }),
    firing: found.firing,
    ...(found.lastWindow === undefined ? {} : { lastWindow: presentWindow(found.lastWindow) }),
  };
}

/** Gives the wire form of an endpoint's health. */
export function presentHealth(health: EndpointHealth): EndpointHealthBody {
  const { performance } = health;
  return {
    health: health.health,
    reason: health.reason,
    ...(performance === undefined
      ? {}
      : {
          performance: {
            metric: performance.metric,
            value: storedEstimate(performance.value),
            from: formatTime(performance.fromMs),
            to: formatTime(performance.toMs),
          },
        }),
    history: health.history.map((point) => ({ to: formatTime(point.toMs), value: storedEstimate(point.value) })),
    firing: health.firing.map(presentAlert),
  };
}
