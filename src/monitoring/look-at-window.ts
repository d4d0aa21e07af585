import { type Estimate, type Frame, pointEstimate } from '#kernel';
import type { Project } from '#projects';
import { sectionOf } from '#projects';
import { loggedName } from '#serving';
import type { Monitor, PerformanceRules } from './monitor.ts';
import { JUDGED_COLUMNS, type MonitorNumerics } from './monitor-protocol.ts';
import type { MonitorWindow, WindowSignal } from './monitor-window.ts';
import type { Reference } from './reference.ts';
import type { WindowTask } from './watch-machine.ts';
import { keepColumns, servedModels } from './watched-rows.ts';
import { nameWindow } from './window-times.ts';

/** What one look found. */
export interface Finding {
  readonly predictions: number;
  /** Undefined where the look reads no labels. */
  readonly coverage: MonitorWindow['coverage'] | undefined;
  readonly signals: readonly WindowSignal[];
  /** Whether the rows were enough to decide. */
  readonly isConclusive: boolean;
}

/** Rows of a window, as the slices above give them. */
export interface WindowReader {
  /** Reads what was predicted, without labels. */
  predictions(range: { readonly fromMs: number; readonly toMs: number }): Promise<Frame>;
  /** Reads what was predicted with the labels known before a moment. */
  labelled(query: {
    readonly outcome: string;
    readonly fromMs: number;
    readonly toMs: number;
    readonly knownBeforeMs: number;
    readonly maturityMs: number;
  }): Promise<{ readonly frame: Frame; readonly coverage: MonitorWindow['coverage'] }>;
  /** Gives the summaries of the training table of a served model; undefined when none is known. */
  reference(modelDigest: string): Promise<Reference | undefined>;
}

/** What a look is made of. */
export interface LookDeps {
  readonly reader: WindowReader;
  readonly numerics: Pick<MonitorNumerics, 'judgeDrift' | 'judgePerformance'>;
}

/** Looks at a window for drift: who answered, and whether its inputs and scores are still those of its training table. */
export async function lookForDrift(deps: LookDeps, monitor: Monitor, task: WindowTask): Promise<Finding> {
  const frame = await deps.reader.predictions(task);
  const served = servedModels(frame);
  const windowName = nameWindow(task);
  const [main] = served.models;
  const finding = { predictions: served.predictions, coverage: undefined };
  if (main === undefined || main.rows < monitor.minimumRows) {
    const { predictions } = served;
    const text = `${String(predictions)} predictions in ${windowName}; ${String(monitor.minimumRows)} are needed`;
    return { ...finding, signals: [nothingKnown(monitor, predictions, text)], isConclusive: false };
  }
  const reference = await deps.reader.reference(main.digest);
  if (reference === undefined) {
    const text = `the model that answered in ${windowName} names no training table to compare with`;
    return { ...finding, signals: [nothingKnown(monitor, main.rows, text)], isConclusive: false };
  }
  const inputs = watchedInputs(monitor, reference).map((name) => ({ name, column: loggedName(name) }));
  const signals = await deps.numerics.judgeDrift({
    frame: keepColumns(frame, [...JUDGED_COLUMNS, ...inputs.map((input) => input.column)]),
    modelDigest: main.digest,
    reference,
    inputs,
    rules: monitor.drift,
    minimumRows: monitor.minimumRows,
    windowName,
  });
  return { ...finding, signals, isConclusive: true };
}

/** Looks at a window for what its predictions turned out to be worth. */
export async function lookForPerformance(
  deps: LookDeps,
  monitor: Monitor & { readonly performance: PerformanceRules },
  task: WindowTask,
): Promise<Finding> {
  const { performance, minimumRows } = monitor;
  const { outcome, maturityMs } = performance;
  const query = { fromMs: task.fromMs, toMs: task.toMs, knownBeforeMs: task.dueAtMs };
  const { frame, coverage } = await deps.reader.labelled({ ...query, outcome, maturityMs });
  const signal = await deps.numerics.judgePerformance({
    frame: keepColumns(frame, JUDGED_COLUMNS),
    coverage,
    rules: performance,
    minimumRows,
    windowName: nameWindow(task),
  });
  const isConclusive = signal.verdict !== 'undecided';
  return { predictions: servedModels(frame).predictions, coverage, signals: [signal], isConclusive };
}

/** Names the registered model of an endpoint; undefined when the project file has no such endpoint. */
export function modelOfEndpoint(project: Pick<Project, 'document'>, endpoint: string): string | undefined {
  return sectionOf<Readonly<Record<string, { readonly model: string }>>>(project, 'endpoints')?.[endpoint]?.model;
}

function watchedInputs(monitor: Monitor, reference: Reference): readonly string[] {
  const { features } = monitor.drift;
  return Object.keys(reference.features).filter((name) => features?.includes(name) ?? true);
}

function nothingKnown(monitor: Monitor, n: number, text: string): WindowSignal {
  const value: Estimate = pointEstimate(Number.NaN, n);
  const { alert } = monitor.drift;
  return {
    kind: 'prediction-drift',
    subject: 'score',
    method: 'credit-psi',
    value,
    threshold: alert,
    verdict: 'undecided',
    text,
  };
}
