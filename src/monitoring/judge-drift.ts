import { type Column, type Estimate, type Frame, pointEstimate } from '#kernel';
import { type ColumnSummary, countAgainst, estimateMean, type LevelValues, type NumberArray, psiAgainst } from '#stats';
import type { DriftRules } from './monitor.ts';
import type { WindowSignal } from './monitor-window.ts';
import type { Reference } from './reference.ts';
import { judgeMissing, judgeStability, percent } from './signal-rules.ts';
import { daysOf, pickRows, servedRows } from './watched-rows.ts';

/** What drift of one window is judged by. */
export interface DriftQuestion {
  /** Logged predictions: `moment`, `score`, `model`, `shadow` and inputs under their logged names. */
  readonly frame: Frame;
  /** Model whose rows are compared with its own training table. */
  readonly modelDigest: string;
  readonly reference: Reference;
  /** Inputs to watch, with the column each was logged under. */
  readonly inputs: readonly { readonly name: string; readonly column: string }[];
  readonly rules: Pick<DriftRules, 'warn' | 'alert' | 'missing'>;
  readonly minimumRows: number;
  /** Such as `the week to 2001-03-15`, for the sentences. */
  readonly windowName: string;
}

const LEAST_UNSEEN_SHARE = 0.01;

/**
 * Compares the inputs and scores of a window with the training table of the model that answered: the stability index
 * `credit-psi` of each, and the change of the share of missing values.
 *
 * @see Siddiqi, "Credit risk scorecards" (2006), for the lines 0.1 and 0.25.
 */
export function judgeDrift(question: DriftQuestion): readonly WindowSignal[] {
  const rows = servedRows(question.frame, { column: 'model', level: question.modelDigest });
  const days = daysOf(question.frame, rows);
  const scores = signalsOf(question, { subject: 'score', column: 'score', summary: question.reference.scores }, { rows, days });
  const inputs = question.inputs.flatMap(({ name, column }) => {
    const summary = question.reference.features[name];
    return summary === undefined ? [] : signalsOf(question, { subject: name, column, summary }, { rows, days });
  });
  return [...scores.map((signal) => ({ ...signal, kind: kindOfScore(signal) })), ...inputs];
}

interface Subject {
  readonly subject: string;
  readonly column: string;
  readonly summary: ColumnSummary;
}

interface Rows {
  readonly rows: Int32Array;
  readonly days: Int32Array;
}

function kindOfScore(signal: WindowSignal): WindowSignal['kind'] {
  return signal.kind === 'drift' ? 'prediction-drift' : signal.kind;
}

function signalsOf(
  question: DriftQuestion,
  { subject, column, summary }: Subject,
  { rows, days }: Rows,
): readonly WindowSignal[] {
  const found = question.frame.columns.find((candidate) => candidate.name === column);
  const isComparable = found !== undefined && (found.kind === 'levels') === (summary.kind === 'levels');
  if (!isComparable) {
    const why = found === undefined ? 'is not in the prediction log' : 'was logged as another kind than it was trained on';
    return [unknown(question, subject, why)];
  }
  const picked = pickRows(found, rows);
  const missing = missingSignal(question, { subject, column, summary }, { picked, days });
  return [stabilitySignal(question, { subject, column, summary }, { picked, days }), ...(missing === undefined ? [] : [missing])];
}

interface Picked {
  readonly picked: Column;
  readonly days: Int32Array;
}

function stabilitySignal(question: DriftQuestion, { subject, summary }: Subject, { picked, days }: Picked): WindowSignal {
  const current = valuesOf(picked);
  const counts = countAgainst(summary, current);
  const { definition, estimate } = psiAgainst(summary, current, { days });
  const unseen = counts.unseen.reduce((sum, level) => sum + level.count, 0) / Math.max(1, counts.n);
  const ruling = judgeStability(estimate, question.rules);
  const isSmall = counts.n < question.minimumRows;
  const few = `${String(counts.n)} rows with a value; ${String(question.minimumRows)} are needed`;
  const strange = unseen >= LEAST_UNSEEN_SHARE ? `; ${percent(unseen)} of rows hold levels that training did not see` : '';
  return {
    kind: 'drift',
    subject,
    method: definition,
    value: estimate,
    threshold: question.rules.alert,
    verdict: isSmall ? 'undecided' : ruling.verdict,
    text: `${subject}: ${isSmall ? few : ruling.text}${strange} in ${question.windowName}`,
  };
}

/** Says nothing where nothing was or is missing. */
function missingSignal(
  question: DriftQuestion,
  { subject, summary }: Subject,
  { picked, days }: Picked,
): WindowSignal | undefined {
  const before = summary.missing / Math.max(1, summary.n + summary.missing);
  const flags = missingFlags(picked);
  if (before === 0 && !flags.includes(1)) return undefined;
  const share = estimateMean({ values: flags, days });
  const change = shifted(share, -before);
  const ruling = judgeMissing(change, question.rules.missing);
  const isSmall = flags.length < question.minimumRows;
  const few = `${String(flags.length)} rows; ${String(question.minimumRows)} are needed`;
  return {
    kind: 'missing',
    subject,
    method: 'missing share minus that of the training table',
    value: change,
    threshold: question.rules.missing,
    verdict: isSmall ? 'undecided' : ruling.verdict,
    text: `${subject}: missing in ${percent(share.value)} of rows, ${percent(before)} in training (${isSmall ? few : ruling.text}) in ${question.windowName}`,
  };
}

function valuesOf(column: Column): NumberArray | LevelValues {
  return column.kind === 'levels' ? { values: column.values, levels: column.levels } : column.values;
}

function missingFlags(column: Column): Float64Array {
  const isLevels = column.kind === 'levels';
  return Float64Array.from(column.values, (value) => ((isLevels ? value < 0 : !Number.isFinite(value)) ? 1 : 0));
}

function shifted(estimate: Estimate, by: number): Estimate {
  return { ...estimate, value: estimate.value + by, low: estimate.low + by, high: estimate.high + by };
}

function unknown(question: DriftQuestion, subject: string, why: string): WindowSignal {
  return {
    kind: 'drift',
    subject,
    method: 'credit-psi',
    value: pointEstimate(Number.NaN, 0),
    threshold: question.rules.alert,
    verdict: 'undecided',
    text: `${subject} ${why} in ${question.windowName}`,
  };
}
