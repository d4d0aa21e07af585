import { DAY_MS, didYouMean, parseDurationMs } from '#kernel';
import { type Project, sectionOf } from '#projects';
import { type Candidate, parseCandidate } from './candidate.ts';
import type { SplitRule } from './split-rows.ts';
import { trainingError } from './training-error.ts';

/** One training as the project file writes it. */
export interface TrainingSection {
  readonly features: string;
  readonly objective: string;
  readonly model?: string;
  readonly window?: string;
  readonly maxRows?: number;
  readonly split?: { readonly validation?: string; readonly test?: string };
  readonly candidates?: readonly { readonly kind: string }[];
  readonly seed?: number;
}

/** What is trained, on which features, by which candidates; defaults filled in. */
export interface Training {
  readonly name: string;
  /** Feature view. */
  readonly features: string;
  readonly objective: string;
  /** Registered model that its versions belong to. */
  readonly model: string;
  /** How far back from the cut rows are taken; 0 takes all. */
  readonly windowMs: number;
  readonly maxRows: number;
  /** Lengths of the newest parts. */
  readonly validationMs: number;
  readonly testMs: number;
  readonly candidates: readonly Candidate[];
  readonly seed: number;
}

/** Moments that divide the rows: training before `validationFromMs`, then validation, then test up to `endMs`. */
export interface TrainingBorders {
  readonly fromMs: number;
  readonly validationFromMs: number;
  readonly testFromMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

const DEFAULT_CANDIDATES = [{ kind: 'prior' }, { kind: 'logistic' }, { kind: 'gbt', trees: 300, depth: 6, earlyStopping: 30 }];

/**
 * Reads a training of a project.
 *
 * @param project - The project; its document was validated when it was applied.
 * @param name - Name in section `training`; left out, the only one there is.
 * @returns The training with defaults: all rows up to 400,000, the newest 12 days as test, 7 before them as validation.
 * @throws {@link GyreError} `training/unknown-training` when there is none of that name, or several and none was named.
 */
export function trainingOf(project: Pick<Project, 'document' | 'name'>, name: string | undefined): Training {
  const sections = sectionOf<Readonly<Record<string, TrainingSection>>>(project, 'training') ?? {};
  const names = Object.keys(sections);
  const wanted = name ?? (names.length === 1 ? names[0] : undefined);
  const section = wanted === undefined ? undefined : sections[wanted];
  if (wanted !== undefined && section !== undefined) return { ...plainMembers(wanted, section), ...spansOf(section) };
  const asked =
    name === undefined
      ? `has ${String(names.length)} trainings; name one`
      : `has no training "${name}"${didYouMean(name, names)}`;
  throw trainingError('training/unknown-training', `project "${project.name}" ${asked}`);
}

function plainMembers(name: string, section: TrainingSection) {
  return {
    name,
    features: section.features,
    objective: section.objective,
    model: section.model ?? name,
    maxRows: section.maxRows ?? 400_000,
    candidates: (section.candidates ?? DEFAULT_CANDIDATES).map(parseCandidate),
    seed: section.seed ?? 7,
  };
}

function spansOf(section: TrainingSection) {
  const { validation = '7d', test = '12d' } = section.split ?? {};
  return {
    windowMs: section.window === undefined ? 0 : parseDurationMs(section.window),
    validationMs: parseDurationMs(validation),
    testMs: parseDurationMs(test),
  };
}

/**
 * Divides a range of moments by the rule of a training.
 *
 * @param training - Lengths of the parts.
 * @param range - First moment, inclusive, and last, exclusive, milliseconds since 1970 UTC.
 * @returns The borders.
 * @throws {@link GyreError} `training/range-too-short` when validation and test leave nothing to train on.
 * @example
 * ```ts
 * bordersOf({ validationMs: 2, testMs: 3 }, { fromMs: 0, endMs: 10 }).validationFromMs; // => 5
 * ```
 */
export function bordersOf(
  training: Pick<Training, 'validationMs' | 'testMs'>,
  range: { readonly fromMs: number; readonly endMs: number },
): TrainingBorders {
  const testFromMs = range.endMs - training.testMs;
  const validationFromMs = testFromMs - training.validationMs;
  if (validationFromMs > range.fromMs) return { ...range, validationFromMs, testFromMs };
  const days = ((range.endMs - range.fromMs) / DAY_MS).toFixed(1);
  const asked = ((training.validationMs + training.testMs) / DAY_MS).toFixed(1);
  throw trainingError(
    'training/range-too-short',
    `the rows span ${days} days, and validation and test alone take ${asked}; shorten training.split or wait for more data`,
  );
}

/**
 * Makes the split rule of a training process.
 *
 * @param borders - The borders.
 * @returns Training and validation parts by the column `moment`; test rows are in neither.
 */
export function splitRuleOf(borders: TrainingBorders): SplitRule {
  return {
    kind: 'time',
    column: 'moment',
    trainFrom: borders.fromMs,
    validationFrom: borders.validationFromMs,
    end: borders.testFromMs,
  };
}
