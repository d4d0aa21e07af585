import type { FeedbackSlice } from '#feedback';
import { DAY_MS, encodeFrame, type Frame, parseTimeMs } from '#kernel';
import { digestOfBytes } from '#platform/digest';
import { createRandom, type Random } from '#stats';
import { compileModel, encodeModel, parseCandidate, trainModel } from '#training';

/** First business time of every test: a Thursday, on which a week counted from 1970 begins. */
export const START_MS = parseTimeMs('2001-03-01');

/** What happens on one day of a test's world. */
export interface Weather {
  readonly rows: number;
  /** Added to the input `x`. */
  readonly shift: number;
  /** How much of the label the input tells: 1 as in training, 0 nothing. */
  readonly signal: number;
  /** Share of rows whose outcome comes in, 6 hours later. */
  readonly labelled: number;
  /** Share of rows without `x`. */
  readonly missing: number;
  /** Share of rows answered by the shadow. */
  readonly shadow: number;
}

/** A day on which everything is as in training. */
export const QUIET: Weather = { rows: 60, shift: 0, signal: 1, labelled: 1, missing: 0, shadow: 0 };

/** Rows of one day of a world. */
interface Rows {
  readonly moment: number[];
  readonly x: number[];
  readonly plan: number[];
  readonly label: number[];
  readonly isLabelled: boolean[];
  readonly shadow: number[];
}

const PLANS = ['free', 'paid', 'team'];

function dayRows(day: number, weather: Weather): Rows {
  const random = createRandom(1000 + day);
  const rows: Rows = { moment: [], x: [], plan: [], label: [], isLabelled: [], shadow: [] };
  for (let row = 0; row < weather.rows; row += 1) {
    const x = normal(random);
    const chance = 1 / (1 + Math.exp(-1.5 * weather.signal * x));
    rows.moment.push(START_MS + day * DAY_MS + Math.floor((row * DAY_MS) / weather.rows));
    rows.label.push(random.uniform() < chance ? 1 : 0);
    rows.x.push(random.uniform() < weather.missing ? Number.NaN : x + weather.shift);
    rows.plan.push(random.below(PLANS.length));
    rows.isLabelled.push(random.uniform() < weather.labelled);
    rows.shadow.push(random.uniform() < weather.shadow ? 1 : 0);
  }
  return rows;
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

function joinDays(fromDay: number, toDay: number, weatherOfDay: (day: number) => Weather): Rows {
  const rows: Rows = { moment: [], x: [], plan: [], label: [], isLabelled: [], shadow: [] };
  for (let day = fromDay; day < toDay; day += 1) {
    const more = dayRows(day, weatherOfDay(day));
    rows.moment.push(...more.moment);
    rows.x.push(...more.x);
    rows.plan.push(...more.plan);
    rows.label.push(...more.label);
    rows.isLabelled.push(...more.isLabelled);
    rows.shadow.push(...more.shadow);
  }
  return rows;
}

function inputsOf(rows: Rows): Frame {
  return {
    nRows: rows.moment.length,
    columns: [
      { kind: 'float64', name: 'moment', values: Float64Array.from(rows.moment) },
      { kind: 'float32', name: 'x', values: Float32Array.from(rows.x) },
      { kind: 'levels', name: 'plan', values: Int32Array.from(rows.plan), levels: PLANS },
    ],
  };
}

let trained: ReturnType<typeof train> | undefined;

/** A model that learnt from 60 quiet days before the start, with its table; trained once. */
export function aServedModel() {
  trained ??= train();
  return trained;
}

function train() {
  const rows = joinDays(-60, 0, () => QUIET);
  const frame = inputsOf(rows);
  const { model } = trainModel({
    frame,
    features: [
      { name: 'x', kind: 'number' },
      { name: 'plan', kind: 'category' },
    ],
    labels: Uint8Array.from(rows.label),
    task: 'binary',
    trainRows: Int32Array.from(rows.moment, (_, row) => row),
    candidate: parseCandidate({ kind: 'logistic' }),
    seed: 1,
  });
  const [modelBytes, frameBytes] = [encodeModel(model), encodeFrame(frame)];
  const [digest, frameDigest] = [digestOfBytes(modelBytes), digestOfBytes(frameBytes)];
  return { digest, frameDigest, modelBytes, frameBytes, compiled: compileModel(model) };
}

/** What {@link aServedModel} gives. */
export type ServedModel = ReturnType<typeof aServedModel>;

function logged(rows: Rows, served: ServedModel): Frame {
  const inputs = inputsOf(rows);
  const score = new Float64Array(inputs.nRows);
  served.compiled.predictRows(inputs, score);
  const zeros = new Int32Array(inputs.nRows);
  return {
    nRows: inputs.nRows,
    columns: [
      ...inputs.columns,
      { kind: 'float64', name: 'score', values: score },
      { kind: 'levels', name: 'model', values: zeros, levels: [served.digest] },
      { kind: 'levels', name: 'deployment', values: zeros.map((_, row) => row % 2), levels: ['v1', 'v2'] },
      { kind: 'float32', name: 'shadow', values: Float32Array.from(rows.shadow) },
    ],
  };
}

/** A world of predictions and outcomes that follows the weather of its days. */
export function aWorld(served: ServedModel) {
  const state = { weatherOfDay: (_day: number): Weather => QUIET };
  const reads: number[] = [];
  const rowsOf = (fromMs: number, toMs: number): Rows =>
    joinDays(Math.floor((fromMs - START_MS) / DAY_MS), Math.ceil((toMs - START_MS) / DAY_MS), state.weatherOfDay);
  const feedback: Pick<FeedbackSlice, 'labelledPredictions' | 'settled'> = {
    settled: () => Promise.resolve(),
    labelledPredictions: async ({ fromMs, toMs, knownBeforeMs, maturityMs }) => {
      const rows = rowsOf(fromMs, toMs);
      const isIn = rows.isLabelled.map((known, row) => known && (rows.moment[row] ?? 0) + DAY_MS / 4 < knownBeforeMs);
      const label = Float32Array.from(rows.label, (value, row) => (isIn[row] === true ? value : Number.NaN));
      const frame = logged(rows, served);
      const [expected, arrived] = [rows.moment.length, isIn.filter(Boolean).length];
      const newest = Math.max(...rows.moment);
      return {
        frame: { nRows: frame.nRows, columns: [...frame.columns, { kind: 'float32', name: 'label', values: label }] },
        coverage: { expected, arrived, ratio: arrived / expected, orphans: 0, mature: newest + maturityMs <= knownBeforeMs },
      };
    },
  };
  return {
    state,
    reads,
    feedback,
    serving: {
      readPredictions: async ({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }) => {
        reads.push(fromMs);
        return logged(rowsOf(fromMs, toMs), served);
      },
    },
  };
}
