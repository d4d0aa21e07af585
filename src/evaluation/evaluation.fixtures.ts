import { DAY_MS, type Estimate } from '#kernel';
import type { GateEvidence, GateRules } from './gate.ts';

/** The shipped numbers of a gate on a metric that is maximized. */
export function aGate(parts: Partial<GateRules> = {}): GateRules {
  return {
    name: 'churn',
    objective: { name: 'retention', metric: 'roc_auc', direction: 'maximize', target: 0.72 },
    level: 0.95,
    margin: 0.005,
    minimumDays: 10,
    minimumRows: 1000,
    maximumChampionAgeMs: 90 * DAY_MS,
    ...parts,
  };
}

/** An estimate by its interval, the value in the middle. */
export function anEstimate(low: number, high: number, parts: Partial<Estimate> = {}): Estimate {
  return { value: (low + high) / 2, low, high, level: 0.95, n: 5000, method: 'day-bootstrap(12 days)', ...parts };
}

/** Evidence in which everything is enough; the champion reaches its objective and is young. */
export function anEvidence(parts: Partial<GateEvidence> = {}): GateEvidence {
  return {
    challenger: { modelDigest: 'sha256:challenger', value: anEstimate(0.73, 0.75) },
    champion: { modelDigest: 'sha256:champion', value: anEstimate(0.73, 0.75), ageMs: 30 * DAY_MS },
    difference: anEstimate(-0.001, 0.003),
    nRows: 5000,
    nDays: 12,
    ...parts,
  };
}
