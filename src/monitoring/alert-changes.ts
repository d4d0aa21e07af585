import type { Alert, WindowSignal } from './monitor-window.ts';
import type { Look } from './watch-machine.ts';

/** What a look at a window does to the alerts of its monitor. */
export interface AlertChanges<Firing extends Pick<Alert, 'subject'>> {
  readonly fire: readonly WindowSignal[];
  /** Alerts that fire already and have been confirmed. */
  readonly confirm: readonly { readonly alert: Firing; readonly signal: WindowSignal }[];
  readonly resolve: readonly { readonly alert: Firing; readonly why: string }[];
}

/** Names what an alert is about: `drift:distance`, `performance:roc_auc`. */
export function subjectOf(signal: Pick<WindowSignal, 'kind' | 'subject'>): string {
  return `${signal.kind}:${signal.subject}`;
}

/**
 * Decides which alerts a look fires, confirms and resolves. Only a decided signal changes anything: an undecided one
 * neither fires nor resolves, so that missing data never speaks.
 */
export function alertChanges<Firing extends Pick<Alert, 'subject'>>(look: {
  readonly look: Look;
  /** What this look found; earlier signals of the window are left out. */
  readonly signals: readonly WindowSignal[];
  readonly firing: readonly Firing[];
  /** Whether the rows were enough to decide: then what is no longer found is over. */
  readonly isConclusive: boolean;
}): AlertChanges<Firing> {
  const firingOf = new Map(look.firing.map((alert) => [alert.subject, alert]));
  const failing = look.signals.filter((signal) => signal.verdict === 'fail');
  const found = new Set(look.signals.map(subjectOf));
  const gone = look.isConclusive
    ? look.firing.filter((alert) => isOfLook(alert.subject, look.look) && !found.has(alert.subject))
    : [];
  return {
    fire: failing.filter((signal) => !firingOf.has(subjectOf(signal))),
    confirm: failing.flatMap((signal) => {
      const alert = firingOf.get(subjectOf(signal));
      return alert === undefined ? [] : [{ alert, signal }];
    }),
    resolve: [
      ...look.signals.flatMap((signal) => {
        const alert = signal.verdict === 'pass' ? firingOf.get(subjectOf(signal)) : undefined;
        return alert === undefined ? [] : [{ alert, why: signal.text }];
      }),
      ...gone.map((alert) => ({ alert, why: `${alert.subject} is no longer found` })),
    ],
  };
}

function isOfLook(subject: string, look: Look): boolean {
  return subject.startsWith('performance:') === (look === 'performance');
}
