import { argmaxOfRows, classColumn, classLabels, logLossOfClasses, rowsOfClasses, topHits } from './kernels/classes.ts';
import { countCells, weightedMean } from './kernels/losses.ts';
import { ascendingOrder } from './kernels/order.ts';
import { rocAucOfOrder } from './kernels/ranking.ts';
import { firstOutsideClasses } from './kernels/scans.ts';
import { type NumberArray, requireProbabilities, requireSameLength, requireWhole, statsError } from './requirements.ts';

/** Classes and the probabilities a model gave them. */
export interface MulticlassRows {
  /** Number of classes, 2 or more. */
  readonly nClasses: number;
  /** True class of each row, in 0 … nClasses - 1. */
  readonly targets: Int32Array;
  /** Shape `[nRows][nClasses]`, row-major; each in [0, 1]. The highest decides, the first of equals. */
  readonly probabilities: NumberArray;
}

/** Every metric of a multiclass model at once; NaN where a metric is not defined. */
export interface MulticlassMetrics {
  readonly accuracy: number;
  readonly logLoss: number;
  readonly f1Macro: number;
  readonly f1Micro: number;
  readonly f1Weighted: number;
  readonly precisionMacro: number;
  readonly recallMacro: number;
  /** One class against the rest, averaged; NaN when a class has no rows or all. */
  readonly rocAucOvrMacro: number;
  /** One class against one other, averaged over ordered pairs (Hand and Till); NaN when a class has no rows. */
  readonly rocAucOvoMacro: number;
  readonly matthews: number;
  /** Cohen's kappa. */
  readonly kappa: number;
  /** Share of rows whose class is among the two most probable. */
  readonly top2: number;
  /** Row-major counts `[true class][decided class]`. */
  readonly confusion: Float64Array;
}

/**
 * Computes every metric of a multiclass model.
 *
 * @param rows - True classes and probabilities.
 * @returns The metrics; macro averages run over the classes that occur as truth or decision.
 * @throws {@link GyreError} `stats/not-a-label` for a class out of range, `stats/length-mismatch`, `stats/not-a-probability` or
 *   `stats/bad-argument` for bad rows.
 * @example
 * ```ts
 * const rows = { nClasses: 2, targets: Int32Array.of(0, 1), probabilities: Float64Array.of(0.75, 0.25, 0.5, 0.5) };
 * multiclassMetrics(rows).accuracy; // => 0.5
 * ```
 * @see scikit-learn 1.9.1 `sklearn.metrics`, whose values it equals within 1e-9; Hand and Till, Machine Learning 45 (2001).
 */
export function multiclassMetrics(rows: MulticlassRows): MulticlassMetrics {
  requireMulticlassRows(rows);
  const { nClasses, targets, probabilities } = rows;
  const decided = argmaxOfRows(probabilities, nClasses);
  const cells = targets.map((target, row) => target * nClasses + (decided[row] ?? 0));
  const confusion = countCells(cells, undefined, nClasses * nClasses);
  return {
    ...confusionMetrics(confusion, nClasses),
    logLoss: weightedMean(logLossOfClasses(targets, probabilities, nClasses), undefined),
    rocAucOvrMacro: averageOverRest(rows),
    rocAucOvoMacro: averageOverPairs(rows),
    top2: weightedMean(topHits({ targets, probabilities, nClasses, top: 2 }), undefined),
    confusion,
  };
}

interface ClassCounts {
  readonly hits: number;
  readonly truths: number;
  readonly decisions: number;
}

function confusionMetrics(confusion: Float64Array, nClasses: number) {
  const classes = Array.from({ length: nClasses }, (_, label) => classCounts(confusion, nClasses, label));
  const total = sum(classes.map((each) => each.truths));
  const hits = sum(classes.map((each) => each.hits));
  const present = classes.filter((each) => each.truths + each.decisions > 0);
  const agreed = sum(classes.map((each) => each.truths * each.decisions));
  const truthSpread = total * total - sum(classes.map((each) => each.truths ** 2));
  const decisionSpread = total * total - sum(classes.map((each) => each.decisions ** 2));
  return {
    accuracy: hits / total,
    f1Macro: mean(present.map(f1)),
    f1Micro: hits / total,
    f1Weighted: sum(present.map((each) => f1(each) * each.truths)) / total,
    precisionMacro: mean(present.map((each) => ratio(each.hits, each.decisions))),
    recallMacro: mean(present.map((each) => ratio(each.hits, each.truths))),
    matthews: ratio(hits * total - agreed, Math.sqrt(truthSpread) * Math.sqrt(decisionSpread)),
    kappa: 1 - (total * total - hits * total) / (total * total - agreed),
  };
}

function classCounts(confusion: Float64Array, nClasses: number, label: number): ClassCounts {
  const row = confusion.subarray(label * nClasses, (label + 1) * nClasses);
  const decisions = confusion.filter((_, cell) => cell % nClasses === label);
  return { hits: row[label] ?? 0, truths: sum([...row]), decisions: sum([...decisions]) };
}

function f1(each: ClassCounts): number {
  return ratio(2 * each.hits, each.truths + each.decisions);
}

function averageOverRest({ nClasses, targets, probabilities }: MulticlassRows): number {
  const areas = Array.from({ length: nClasses }, (_, label) =>
    area(classLabels(targets, label), classColumn(probabilities, nClasses, label)),
  );
  return mean(areas);
}

function averageOverPairs(rows: MulticlassRows): number {
  const areas: number[] = [];
  for (let first = 0; first < rows.nClasses; first += 1) {
    for (let second = 0; second < rows.nClasses; second += 1) if (first !== second) areas.push(pairArea(rows, first, second));
  }
  return mean(areas);
}

/** Area of the first class's probability on the rows of the two classes. */
function pairArea({ nClasses, targets, probabilities }: MulticlassRows, first: number, second: number): number {
  const chosen = rowsOfClasses(targets, first, second);
  const labels = Uint8Array.from(chosen, (row) => (targets[row] === first ? 1 : 0));
  const scores = Float64Array.from(chosen, (row) => probabilities[row * nClasses + first] ?? 0);
  return area(labels, scores);
}

function area(labels: Uint8Array, scores: Float64Array): number {
  return rocAucOfOrder(labels, scores, undefined, ascendingOrder(scores));
}

function requireMulticlassRows({ nClasses, targets, probabilities }: MulticlassRows): void {
  requireWhole('nClasses', nClasses, 2);
  requireSameLength(targets.length * nClasses, 'probabilities', probabilities);
  requireProbabilities(probabilities);
  const row = firstOutsideClasses(targets, nClasses);
  if (row >= 0) throw statsError('stats/not-a-label', `class ${targets[row]} in row ${row} is not in 0 … ${nClasses - 1}`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
