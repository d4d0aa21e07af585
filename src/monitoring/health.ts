import type { Alert, EndpointHealth, MonitorWindow, WindowSignal } from './monitor-window.ts';
import { canDecide } from './signal-rules.ts';
import { nameWindow } from './window-times.ts';

const HISTORY = 26;

/** What the health of an endpoint is told from. */
export interface HealthFacts {
  /** Evaluated windows of the endpoint, newest first. */
  readonly windows: readonly MonitorWindow[];
  /** Firing alerts of the endpoint, newest first. */
  readonly firing: readonly Alert[];
  /** What the monitors of the endpoint watch. */
  readonly watch: 'none' | 'drift' | 'performance';
}

interface Measured {
  readonly window: MonitorWindow;
  readonly signal: WindowSignal;
}

/**
 * Tells how a served model is: failing while a performance alert fires, at risk while a drift alert fires or the newest
 * performance cannot be told from its target, healthy when the newest evidence is decided and fine, else undecided.
 */
export function healthOf(facts: HealthFacts): EndpointHealth {
  const measured = facts.windows.flatMap((window) =>
    window.signals.filter((signal) => signal.kind === 'performance').map((signal) => ({ window, signal })),
  );
  const decided = measured.find(({ signal }) => isDecided(signal));
  const monitor = measured[0]?.window.monitor;
  const history = measured
    .filter(({ window, signal }) => window.monitor === monitor && canDecide(signal.value))
    .slice(0, HISTORY)
    .map(({ window, signal }) => ({ toMs: window.toMs, value: signal.value }))
    .reverse();
  return { ...rulingOf(facts, measured), performance: presentPerformance(decided), history, firing: facts.firing };
}

function rulingOf(facts: HealthFacts, measured: readonly Measured[]): Pick<EndpointHealth, 'health' | 'reason'> {
  const performance = facts.firing.find((alert) => alert.subject.startsWith('performance:'));
  if (performance !== undefined) return { health: 'failing', reason: performance.reason };
  const [drift, ...others] = facts.firing;
  if (drift !== undefined) return { health: 'at risk', reason: `${drift.reason}${moreOf(others.length)}` };
  const newest = measured[0];
  if (newest !== undefined) return performanceRuling(newest, measured);
  return driftRuling(facts);
}

function performanceRuling({ signal }: Measured, measured: readonly Measured[]): Pick<EndpointHealth, 'health' | 'reason'> {
  if (signal.verdict === 'pass') return { health: 'healthy', reason: signal.text };
  if (signal.verdict === 'fail') return { health: 'failing', reason: signal.text };
  const last = measured.find((candidate) => isDecided(candidate.signal));
  const before = last === undefined ? '' : `; before that: ${last.signal.text}`;
  // Enough outcomes, and yet an interval across the target: that is a risk, not a lack of evidence.
  return { health: canDecide(signal.value) ? 'at risk' : 'undecided', reason: `${signal.text}${before}` };
}

function driftRuling(facts: HealthFacts): Pick<EndpointHealth, 'health' | 'reason'> {
  const newest = facts.windows[0];
  if (facts.watch === 'none') return { health: 'undecided', reason: 'no monitor watches this endpoint' };
  if (newest === undefined) return { health: 'undecided', reason: 'no window has ended yet' };
  const name = nameWindow(newest);
  const failing = newest.signals.find((signal) => signal.verdict === 'fail');
  if (failing !== undefined) return { health: 'at risk', reason: failing.text };
  if (newest.verdict === 'undecided') {
    return { health: 'undecided', reason: newest.signals[0]?.text ?? `nothing could be decided in ${name}` };
  }
  const decided = newest.signals.filter(isDecided).length;
  const text = `no drift in ${String(decided)} ${decided === 1 ? 'check' : 'checks'} of ${name}`;
  if (facts.watch === 'drift') return { health: 'healthy', reason: text };
  return { health: 'undecided', reason: `${text}; its outcomes are not mature yet` };
}

function isDecided(signal: WindowSignal): boolean {
  return signal.verdict === 'pass' || signal.verdict === 'fail';
}

function moreOf(count: number): string {
  if (count === 0) return '';
  return `; ${String(count)} more ${count === 1 ? 'alert fires' : 'alerts fire'}`;
}

function presentPerformance(decided: Measured | undefined): EndpointHealth['performance'] {
  if (decided === undefined) return undefined;
  const { window, signal } = decided;
  return { metric: signal.subject, value: signal.value, fromMs: window.fromMs, toMs: window.toMs };
}
