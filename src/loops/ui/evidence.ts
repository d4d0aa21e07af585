import { type Estimate, fromWireNumber, isId } from '#kernel';

/** Evidence of a stage: stored facts, whose form is that of the step that wrote them. */
export type Evidence = Readonly<Record<string, unknown>>;

/** One line of a gate decision or a guard, as the screen shows it. */
export interface ReasonFacts {
  readonly rule: string;
  /** `decides` or `informs`. */
  readonly weight: string;
  readonly verdict: string;
  readonly value: Estimate | undefined;
  readonly threshold: number;
  readonly n: number;
  readonly text: string;
  /** What would have turned the verdict round. */
  readonly flip: string;
  /** Where in the project file the number stands that was applied. */
  readonly pointer: string;
}

/** One trained candidate. */
export interface CandidateFacts {
  readonly kind: string;
  readonly runId: string;
  readonly runNumber: number;
  readonly modelDigest: string;
  readonly validationLoss: number;
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly isBest: boolean;
}

/** One dataset version that was cut. */
export interface DatasetFacts {
  readonly dataset: string;
  readonly number: number;
  readonly digest: string;
  readonly rows: number;
  readonly quarantined: number;
  /** Rows in quarantine by the check that put them there. */
  readonly reasons: readonly { readonly check: string; readonly rows: number }[];
}

/** One look at a step of a rollout. */
export interface LookFacts {
  readonly weight: number;
  readonly action: string;
  readonly atMs: number;
  readonly businessAtMs: number;
  readonly reasons: readonly ReasonFacts[];
}

/** Reads the reasons of a gate decision; none when the stage has no decision. */
export function gateReasons(evidence: Evidence): readonly ReasonFacts[] {
  return itemsOf(recordWith(evidence, 'reasons')['reasons']).map(reasonOf);
}

/** Reads the candidates of a training, the best one marked. */
export function trainedCandidates(evidence: Evidence): readonly CandidateFacts[] {
  const output = recordWith(evidence, 'candidates');
  const best = textOf(recordOf(output['best'])['runId']);
  return itemsOf(output['candidates']).map((item) => ({
    kind: textOf(item['kind']),
    runId: textOf(item['runId']),
    runNumber: numberOf(item['runNumber']),
    modelDigest: textOf(item['modelDigest']),
    validationLoss: numberOf(item['validationLoss']),
    durationMs: numberOf(item['durationMs']),
    sizeBytes: numberOf(item['sizeBytes']),
    isBest: textOf(item['runId']) === best && best !== '',
  }));
}

/** Reads the dataset versions that a turn was made from. */
export function cutDatasets(evidence: Evidence): readonly DatasetFacts[] {
  return itemsOf(recordWith(evidence, 'datasets')['datasets']).map((item) => ({
    dataset: textOf(item['dataset']),
    number: numberOf(item['number']),
    digest: textOf(item['digest']),
    rows: numberOf(item['rows']),
    quarantined: numberOf(item['quarantined']),
    reasons: Object.entries(recordOf(item['reasons'])).map(([check, rows]) => ({ check, rows: numberOf(rows) })),
  }));
}

/** Reads the looks of a rollout, in order. */
export function rolloutLooks(evidence: Evidence): readonly LookFacts[] {
  return itemsOf(evidence['decisions']).map((item) => ({
    weight: numberOf(item['weight']),
    action: textOf(item['action']),
    atMs: numberOf(item['atMs']),
    businessAtMs: numberOf(item['businessAtMs']),
    reasons: itemsOf(item['reasons']).map(reasonOf),
  }));
}

/** Reads the planned shares of a rollout, in percent. */
export function rolloutSteps(evidence: Evidence): readonly number[] {
  const steps: unknown = evidence['steps'];
  return Array.isArray(steps) ? steps.filter((step) => typeof step === 'number') : [];
}

/** One sentence that a step of the pipeline left. */
export interface StepFacts {
  readonly step: string;
  readonly text: string;
}

/** Reads what each step of the pipeline said of itself, in the order in which the stage's sentence has it. */
export function stepSentences(evidence: Evidence, sentence: string): readonly StepFacts[] {
  const steps = Object.entries(evidence).flatMap(([step, output]) => {
    const text = textOf(recordOf(output)['text']);
    return text === '' ? [] : [{ step, text }];
  });
  return steps.toSorted((a, b) => sentence.indexOf(a.text) - sentence.indexOf(b.text));
}

/** One fact that no special picture exists for. */
export interface PlainFact {
  readonly name: string;
  readonly text: string;
  readonly kind: 'digest' | 'id' | 'words';
}

/** Reads the facts of evidence that are plain words and numbers. */
export function plainFacts(evidence: Evidence): readonly PlainFact[] {
  return Object.entries(evidence).flatMap(([name, value]) => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return [];
    const text = String(value);
    return text === '' || name === 'text' ? [] : [{ name: wordsOf(name), text, kind: kindOf(text) }];
  });
}

function kindOf(text: string): PlainFact['kind'] {
  if (text.startsWith('sha256:')) return 'digest';
  return isId(text) ? 'id' : 'words';
}

/** Reads an estimate from stored JSON; undefined when there is none. */
export function estimateOf(value: unknown): Estimate | undefined {
  if (typeof value === 'number') return { value, low: value, high: value, level: 0.95, n: 0, method: 'exact' };
  const facts = recordOf(value);
  if (facts['value'] === undefined || facts['value'] === null) return undefined;
  return {
    value: numberOf(facts['value']),
    low: numberOf(facts['low']),
    high: numberOf(facts['high']),
    level: numberOf(facts['level']),
    n: numberOf(facts['n']),
    method: textOf(facts['method']),
  };
}

/** Turns a name of code into words: `minimumDays` is `minimum days`. */
export function wordsOf(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase();
}

function reasonOf(item: Evidence): ReasonFacts {
  return {
    rule: textOf(item['rule']),
    weight: textOf(item['weight']) || 'decides',
    verdict: textOf(item['verdict']),
    value: estimateOf(item['value']),
    threshold: numberOf(item['threshold']),
    n: numberOf(item['n']),
    text: textOf(item['text']),
    flip: textOf(item['flip']),
    pointer: textOf(item['pointer']),
  };
}

/** The evidence itself, or the first of its members that has a member of this name: steps carry names of the project file. */
function recordWith(evidence: Evidence, member: string): Evidence {
  if (evidence[member] !== undefined) return evidence;
  const inner = Object.values(evidence).map(recordOf);
  return inner.find((candidate) => candidate[member] !== undefined) ?? {};
}

function recordOf(value: unknown): Evidence {
  // The evidence came as JSON; an object of it has text keys.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Evidence) : {};
}

function itemsOf(value: unknown): readonly Evidence[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const isWord = value === 'NaN' || value === 'Infinity' || value === '-Infinity';
  return isWord ? fromWireNumber(value) : Number.NaN;
}
