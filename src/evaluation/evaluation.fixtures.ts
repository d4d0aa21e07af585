import { columnOf, DAY_MS, type Estimate, type Frame } from '#kernel';
import { digestOfBytes } from '#platform/digest';
import { createRandom } from '#stats';
import type { EvaluationSpec, ReferenceRole } from './evaluation.ts';
import type { GateEvidence, GateRules } from './gate.ts';
import type { ReferenceModel, ScoreRows } from './judge-model.ts';

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

const A_DIGEST = digestOfBytes('a');

/** What is asked of a judgement: everything of the frame, no slices, no references. */
export function aSpec(parts: Partial<EvaluationSpec> = {}): EvaluationSpec {
  return {
    modelDigest: A_DIGEST,
    frameDigest: A_DIGEST,
    rows: { split: 'test', fromMs: 0, toMs: 1000 * DAY_MS },
    primaryMetric: 'roc_auc',
    level: 0.95,
    references: [],
    sliceColumns: [],
    minimumSliceRows: 50,
    seed: 1,
    codeVersion: 1,
    ...parts,
  };
}

/**
 * A frame of 12 days with 100 rows each. `signal` tells the label well, but in region `west` not at all; `noise` tells
 * nothing; `amount` is a number that is missing in every 10th row; every 20th label is not known.
 */
export function aFrame(nDays = 12): Frame {
  const n = nDays * 100;
  const random = createRandom(11);
  const columns = {
    moment: new Float64Array(n),
    label: new Float32Array(n),
    signal: new Float32Array(n),
    noise: new Float32Array(n),
    amount: new Float32Array(n),
    region: new Int32Array(n),
  };
  for (let row = 0; row < n; row += 1) {
    const label = random.uniform() < 0.4 ? 1 : 0;
    const region = row % 3;
    columns.moment[row] = (row / 100) * DAY_MS;
    columns.label[row] = row % 20 === 19 ? Number.NaN : label;
    columns.signal[row] = 0.6 * random.uniform() + (region === 2 ? 0 : 0.4 * label);
    columns.noise[row] = random.uniform();
    columns.amount[row] = row % 10 === 0 ? Number.NaN : random.uniform() * 100;
    columns.region[row] = region;
  }
  return {
    nRows: n,
    columns: [
      { kind: 'float64', name: 'moment', values: columns.moment },
      { kind: 'float32', name: 'label', values: columns.label },
      { kind: 'float32', name: 'signal', values: columns.signal },
      { kind: 'float32', name: 'noise', values: columns.noise },
      { kind: 'float32', name: 'amount', values: columns.amount },
      { kind: 'levels', name: 'region', values: columns.region, levels: ['north', 'south', 'west'] },
    ],
  };
}

/** Scores rows by the values of one column. */
export function scoreBy(name: string): ScoreRows {
  return (frame) => Float64Array.from(columnOf(frame, name).values);
}

/** A reference that scores by the values of one column. */
export function aReference(role: ReferenceRole, column: string): ReferenceModel {
  return { role, modelDigest: digestOfBytes(column), score: scoreBy(column) };
}
