/** What one bench found, as lines of the one table. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Such as `≥ 0.6`; empty where a figure only informs. */
  readonly goal: string;
  /** True where there is no goal. */
  readonly isReached: boolean;
}

type Result = Readonly<Record<string, unknown>>;

const MIB = 1024 ** 2;
const AUC_MARGIN = 0.002;
const FIT_FACTOR = 4;
const PEERS = ['xgboost', 'sklearn'];

/** Picks the figures out of what a bench printed. */
export function figuresOf(name: string, result: Result): readonly Figure[] {
  const read = READERS[name];
  if (read === undefined) throw new TypeError(`there are no figures for the bench "${name}"`);
  return read(result);
}

const READERS: Readonly<Record<string, (result: Result) => readonly Figure[]>> = {
  inference: (result) => throughput('inference, 100 trees of depth 6, 30 floats', result, 0.6),
  flights: (result) => throughput('inference, the demo’s own model with its features', result, undefined),
  'event-loop': (result) => {
    const [gyre, bare] = [memberOf(result, 'gyre'), memberOf(result, 'bare')];
    return [
      atMost('event loop under work, p99.9 above bare server', numberIn(result, 'aboveBareMs'), { unit: 'ms', most: 20 }),
      informs('  Gyre, p99.9', numberIn(gyre, 'p999Ms'), 'ms'),
      informs('  bare server, p99.9', numberIn(bare, 'p999Ms'), 'ms'),
      informs('  Gyre, p99', numberIn(gyre, 'p99Ms'), 'ms'),
    ];
  },
  training: (result) => {
    const lines = result['lines'];
    if (!Array.isArray(lines)) throw new TypeError('the training bench printed no lines');
    const lineOf = (name: string): Result => {
      const line: unknown = lines.find((candidate: unknown) => Reflect.get(Object(candidate), 'name') === name);
      return Object(line) as Result;
    };
    const [own, light] = [lineOf('gyre, 2 threads'), lineOf('lightgbm')];
    const behind = numberIn(light, 'auc') - numberIn(own, 'auc');
    return [
      atMost('training, fit time to LightGBM (2 threads each)', numberIn(own, 'timeToLightgbm'), { unit: 'x', most: FIT_FACTOR }),
      informs('  fastest fit to fastest', numberIn(own, 'fastestToFastest'), 'x'),
      informs('  Gyre with one thread', numberIn(lineOf('gyre, 1 thread'), 'timeToLightgbm'), 'x'),
      ...PEERS.map((peer) => informs(`  ${peer} to LightGBM`, numberIn(lineOf(peer), 'timeToLightgbm'), 'x')),
      atMost('training, AUC behind LightGBM', behind, { unit: '', most: AUC_MARGIN }),
      informs('  AUC of Gyre', numberIn(own, 'auc'), ''),
    ];
  },
  startup: (result) => [
    atMost('start, spawn to ready (median, from source)', numberIn(result, 'medianReadyMs'), { unit: 'ms', most: 1000 }),
    informs('  first start on this store', numberIn(result, 'firstReadyMs'), 'ms'),
    atMost('memory 30 s after ready, PSS of all processes', numberIn(result, 'pssBytes') / MIB, { unit: 'MiB', most: 150 }),
  ],
};

function throughput(what: string, result: Result, goal: number | undefined): readonly Figure[] {
  const ratio = numberIn(result, 'ratio');
  const first =
    goal === undefined ? informs(`${what}, to bare server`, ratio, '') : atLeast(`${what}, to bare server`, ratio, goal);
  return [
    first,
    informs('  requests a second', Math.round(numberIn(result, 'gyrePerSecond')), '1/s'),
    informs('  latency p99', numberIn(result, 'gyreP99Ms'), 'ms'),
  ];
}

function informs(what: string, value: number, unit: string): Figure {
  return { what, value: round(value), unit, goal: '', isReached: true };
}

function atLeast(what: string, value: number, least: number): Figure {
  return { what, value: round(value), unit: '', goal: `≥ ${String(least)}`, isReached: value >= least };
}

function atMost(what: string, value: number, { unit, most }: { readonly unit: string; readonly most: number }): Figure {
  return { what, value: round(value), unit, goal: `≤ ${String(most)}`, isReached: value <= most };
}

function round(value: number): number {
  return Number(value.toPrecision(value >= 1000 ? 4 : 3));
}

function memberOf(result: Result, key: string): Result {
  const member = result[key];
  if (typeof member !== 'object' || member === null) throw new TypeError(`a bench printed no "${key}"`);
  // Any object may be read by its keys.
  return member as Result;
}

function numberIn(result: Result, key: string): number {
  const value = result[key];
  if (typeof value !== 'number') throw new TypeError(`a bench printed no number "${key}"`);
  return value;
}
