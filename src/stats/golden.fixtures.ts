import { readFileSync } from 'node:fs';

interface GoldenCase {
  readonly name: string;
  readonly task: 'binary' | 'regression' | 'multiclass';
  readonly y: readonly number[];
  readonly score?: readonly number[];
  readonly other?: readonly number[];
  readonly prediction?: readonly number[];
  readonly probability?: readonly (readonly number[])[];
  readonly classes?: number;
  readonly weight?: readonly number[] | null;
  readonly expected: Readonly<Record<string, number>>;
}

/** Cases of `test/golden/metrics.json` for one task: scikit-learn 1.9.1, SciPy 1.18.1. */
export function goldenMetrics(task: GoldenCase['task']): readonly GoldenCase[] {
  const golden = readGolden('metrics.json') as { readonly cases: readonly GoldenCase[] };
  return golden.cases.filter((each) => each.task === task);
}

interface GoldenDrift {
  readonly type: 'num' | 'cat';
  readonly reference: readonly (number | string)[];
  readonly current: readonly (number | string)[];
  readonly tests: Readonly<Record<string, { readonly score: number }>>;
  readonly scipy: Readonly<Record<string, number>> & { readonly sturges_edges: readonly number[] };
}

/** Evidently 0.7.21's drift tests of `test/golden/monitoring.json`, by name of the case. */
export function goldenDrift(): Readonly<Record<string, GoldenDrift>> {
  const golden = readGolden('monitoring.json') as { readonly evidently_stattests: Readonly<Record<string, GoldenDrift>> };
  return golden.evidently_stattests;
}

function readGolden(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../test/golden/${file}`, import.meta.url), 'utf8'));
}
