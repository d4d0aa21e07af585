import { didYouMean, GyreError, type Problem, parseDurationMs } from '#kernel';

/** The built-in steps. */
export const BUILT_IN_STEPS = ['ingest', 'features', 'train', 'evaluate', 'register', 'package'] as const;

/** One built-in step. */
export type BuiltInStep = (typeof BUILT_IN_STEPS)[number];

/** One step as the project file writes it. */
export interface StepSection {
  readonly name: string;
  /** A built-in step. */
  readonly uses?: BuiltInStep;
  /** Which part of the project file the built-in step works on, such as a training; default: the only one there is. */
  readonly with?: Readonly<Record<string, string>>;
  /** Program and arguments of a command step. */
  readonly run?: readonly string[];
  /** Folder of the command, below the root that the operator gave. */
  readonly folder?: string;
  /** Further environment of the command. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Steps that must be done before; default: the one written before it. */
  readonly needs?: readonly string[];
  /** Limit of one attempt, such as `5m`. */
  readonly timeout?: string;
  /** Limit of resident memory, such as `1GiB`. */
  readonly memory?: string;
}

/** One pipeline as the project file writes it. */
export interface PipelineSection {
  readonly steps: readonly StepSection[];
}

/** One step, with its defaults filled in. */
export interface PipelineStep {
  readonly name: string;
  readonly uses: BuiltInStep | 'command';
  readonly with: Readonly<Record<string, string>>;
  readonly run: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly needs: readonly string[];
  readonly timeoutMs: number;
  /** 0 means no limit. */
  readonly memoryLimitBytes: number;
}

const DEFAULT_TIMEOUT_MS = 30 * 60_000;
const MEMORY_UNITS: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/**
 * Fills in the defaults of a pipeline and checks its graph.
 *
 * @param section - The pipeline as written.
 * @returns Its steps in the order written.
 * @throws {@link GyreError} `pipelines/bad-graph` when {@link graphProblems} finds anything.
 * @example
 * ```ts
 * planPipeline({ steps: [{ name: 'ingest', uses: 'ingest' }, { name: 'train', uses: 'train' }] })[1]?.needs; // => ['ingest']
 * ```
 */
export function planPipeline(section: PipelineSection): readonly PipelineStep[] {
  const first = graphProblems(section, '')[0];
  if (first !== undefined) throw new GyreError({ kind: 'invalid', code: 'pipelines/bad-graph', message: first.detail });
  return section.steps.map((step, index) => planStep(step, section.steps[index - 1]?.name));
}

function planStep(step: StepSection, before: string | undefined): PipelineStep {
  return {
    name: step.name,
    uses: step.uses ?? 'command',
    with: step.with ?? {},
    run: step.run ?? [],
    folder: step.folder ?? '.',
    environment: step.environment ?? {},
    needs: step.needs ?? (before === undefined ? [] : [before]),
    timeoutMs: step.timeout === undefined ? DEFAULT_TIMEOUT_MS : parseDurationMs(step.timeout),
    memoryLimitBytes: step.memory === undefined ? 0 : parseMemoryBytes(step.memory),
  };
}

function parseMemoryBytes(text: string): number {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)(KiB|MiB|GiB)$/.exec(text);
  return match === null ? 0 : Math.round(Number(match[1]) * (MEMORY_UNITS[match[2] ?? ''] ?? 0));
}

/**
 * Finds what is wrong with a pipeline's graph.
 *
 * @param section - The pipeline as written.
 * @param pointer - JSON pointer of the pipeline in its document.
 * @returns One problem per mistake: a name twice, an unknown need, a circle, neither or both of `uses` and `run`.
 * @example
 * ```ts
 * graphProblems({ steps: [{ name: 'a', uses: 'train', needs: ['b'] }] }, '')[0]?.code; // => 'pipelines/bad-graph'
 * ```
 */
export function graphProblems(section: PipelineSection, pointer: string): readonly Problem[] {
  const names = section.steps.map((step) => step.name);
  const problems = section.steps.flatMap((step, index) =>
    stepMistakes(step, names, index).map((detail) => ({
      pointer: `${pointer}/steps/${String(index)}`,
      code: 'pipelines/bad-graph',
      detail,
    })),
  );
  if (problems.length > 0) return problems;
  const circle = findCircle(section.steps);
  if (circle === undefined) return [];
  return [
    {
      pointer: `${pointer}/steps`,
      code: 'pipelines/bad-graph',
      detail: `steps wait for each other in a circle: ${circle.join(' → ')}`,
    },
  ];
}

function stepMistakes(step: StepSection, names: readonly string[], index: number): readonly string[] {
  const mistakes: string[] = [];
  if (names.indexOf(step.name) !== index) mistakes.push(`the name "${step.name}" is given to two steps`);
  if ((step.uses === undefined) === (step.run === undefined)) {
    mistakes.push(`step "${step.name}" needs either "uses" (a built-in step) or "run" (a command)`);
  }
  for (const need of step.needs ?? []) {
    if (!names.includes(need))
      mistakes.push(`step "${step.name}" needs "${need}", which does not exist${didYouMean(need, names)}`);
  }
  return mistakes;
}

function findCircle(steps: readonly StepSection[]): readonly string[] | undefined {
  const needs = new Map(
    steps.map((step, index) => [step.name, step.needs ?? [steps[index - 1]?.name].filter((name) => name !== undefined)]),
  );
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const need of needs.get(name) ?? []) {
      const circle = visit(need, [...path, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const step of steps) {
    const circle = visit(step.name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
