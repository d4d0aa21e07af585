import { finiteFloat32 } from '#data';
import { type Column, didYouMean, type Frame, GyreError } from '#kernel';
import { compileNumber, compileText, type Slots } from './compile-row.ts';
import type { FeatureSpec, FeatureView, RequestColumn, RowFeature, SourceColumns, WindowFeature } from './feature-view.ts';
import { isWindow } from './feature-view.ts';
import { createOnlineWindow, levelAt, type OnlineWindow, sumWindow, type WindowCounts } from './online-windows.ts';
import { windowValue } from './window-measures.ts';

/**
 * The features of a view for requests as they come: history is kept in memory, in the order of known time.
 *
 * Laws: a lookup sees every fact ingested before it and no fact known at or after its moment; what it gives equals the
 * training table's row for the same facts, integers exactly and floats to the bit.
 */
export interface OnlineFeatures {
  readonly specs: readonly FeatureSpec[];
  /** Raw inputs that a request must bring. */
  readonly request: readonly RequestColumn[];
  /** Column of the request that holds the moment, when it is one of {@link OnlineFeatures.request}. */
  readonly momentColumn: string | undefined;
  /** Digest of the definition that it computes. */
  readonly viewDigest: string;
  /** Datasets whose facts it wants. */
  readonly datasets: readonly string[];
  /** Longest window, milliseconds; 0 without windows. */
  readonly longestWindowMs: number;
  /** Takes facts in, as data hands them out. A fact whose id came before is left out. */
  ingest(dataset: string, facts: Frame): void;
  /** Forgets facts that no window of a moment at or after `momentMs` can see. */
  forgetBefore(momentMs: number): void;
  /**
   * Computes features: `request` has the raw inputs as columns (categories as levels, the rest as float64), `momentsMs`
   * one moment a row. Gives one column a feature, in the order of `specs`. A window that reaches behind what was
   * forgotten is missing. Throws `features/bad-request`.
   */
  lookup(request: Frame, momentsMs: Float64Array): Frame;
  /** The integers behind a window feature, per row; NaN where the feature is missing for want of a key or of memory. */
  counts(
    feature: string,
    request: Frame,
    momentsMs: Float64Array,
  ): { readonly numerator: Float64Array; readonly denominator: Float64Array };
}

/** One request on its way: its columns in the order of the view, and its moments. */
interface Request {
  readonly slots: Slots;
  readonly momentsMs: Float64Array;
}

type FeatureColumn = (request: Request) => Column;

/** Reads the integers of a window feature at a row into `counts`; tells whether they are known. */
type CountReader = (request: Request, row: number, counts: WindowCounts) => boolean;

/**
 * Makes the online features of a view, without any history yet.
 *
 * @param view - The view.
 * @returns The features; ingest the facts of the longest window before the first lookup.
 */
export function createOnlineFeatures(view: FeatureView): OnlineFeatures {
  const slotOf = new Map(view.request.map((column, index) => [column.name, index]));
  const memory: Memory = { fromMs: Number.NEGATIVE_INFINITY, seen: new Map() };
  const windows = openWindows(view);
  const readers = new Map(
    windows.flatMap((window) =>
      window.features.map((feature, measure) => [feature.name, countReader({ window, feature, measure }, slotOf, memory)]),
    ),
  );
  const columns = view.features.map((feature): FeatureColumn => {
    if (feature.from === 'row') return rowColumn(feature, slotOf);
    return windowColumn(feature, readers.get(feature.name));
  });
  const longestWindowMs = Math.max(0, ...view.features.filter(isWindow).map((feature) => feature.overMs));
  const momentTime = view.sources.get(view.moments)?.eventTime;
  return {
    specs: view.specs,
    request: view.request,
    momentColumn: momentTime !== undefined && slotOf.has(momentTime) ? momentTime : undefined,
    viewDigest: view.digest,
    datasets: [...new Set(windows.map((window) => window.store.dataset))],
    longestWindowMs,
    ingest: (dataset, facts) => ingest(view, windows, memory, { dataset, facts }),
    forgetBefore: (momentMs) => {
      const fromMs = momentMs - longestWindowMs;
      if (!(fromMs > memory.fromMs)) return;
      memory.fromMs = fromMs;
      for (const { store } of windows) store.forget(fromMs);
      forgetIds(memory, longestWindowMs);
    },
    lookup: (frame, momentsMs) => {
      const request = { slots: requestSlots(view, frame), momentsMs };
      return { nRows: momentsMs.length, columns: columns.map((column) => column(request)) };
    },
    counts: (feature, frame, momentsMs) => {
      const read = readers.get(feature);
      if (read === undefined) throw badRequest(`"${feature}" is no window feature${didYouMean(feature, readers.keys())}`);
      return readCounts(read, { slots: requestSlots(view, frame), momentsMs });
    },
  };
}

/** How far back the memory goes, and which ids came, with their known times, by dataset. */
interface Memory {
  fromMs: number;
  prunedMs?: number;
  readonly seen: Map<string, Map<string | number, number>>;
}

interface OpenWindow {
  readonly store: OnlineWindow;
  readonly features: readonly WindowFeature[];
}

function openWindows(view: FeatureView): readonly OpenWindow[] {
  const groups = new Map<string, WindowFeature[]>();
  for (const feature of view.features.filter(isWindow)) {
    const name = JSON.stringify([feature.dataset, feature.key ?? null]);
    groups.set(name, [...(groups.get(name) ?? []), feature]);
  }
  return [...groups.values()].flatMap((features) => {
    const source = view.sources.get(features[0]?.dataset ?? '');
    return source === undefined ? [] : [{ store: createOnlineWindow(source, features), features }];
  });
}

function ingest(
  view: FeatureView,
  windows: readonly OpenWindow[],
  memory: Memory,
  batch: { readonly dataset: string; readonly facts: Frame },
): void {
  const source = view.sources.get(batch.dataset);
  const wanting = windows.filter((window) => window.store.dataset === batch.dataset);
  if (source === undefined || wanting.length === 0) return;
  const rows = freshRows(source, batch.facts, memory);
  for (const { store } of wanting) store.ingest(batch.facts, rows);
}

/** Rows within memory whose id did not come before, in order of known time; notes their ids. */
function freshRows(source: SourceColumns, facts: Frame, memory: Memory): Int32Array {
  const ids = facts.columns.find((column) => column.name === source.id);
  const known = facts.columns.find((column) => column.name === source.knownTime)?.values;
  if (ids === undefined || known === undefined) throw badRequest(`facts of "${source.name}" come without id or known time`);
  const seen = memory.seen.get(source.name) ?? new Map<string | number, number>();
  memory.seen.set(source.name, seen);
  const fresh: number[] = [];
  for (let row = 0; row < facts.nRows; row += 1) {
    const knownMs = known[row] ?? Number.NaN;
    const id = idAt(ids, row);
    if (!(knownMs >= memory.fromMs) || seen.has(id)) continue;
    seen.set(id, knownMs);
    fresh.push(row);
  }
  fresh.sort((left, right) => (known[left] ?? 0) - (known[right] ?? 0));
  return Int32Array.from(fresh);
}

function idAt(ids: Column, row: number): string | number {
  const value = ids.values[row] ?? -1;
  return ids.kind === 'levels' ? (ids.levels[value] ?? '') : value;
}

/** Walks through all ids only when a quarter of the longest window has gone by. */
function forgetIds(memory: Memory, longestWindowMs: number): void {
  if (memory.fromMs - (memory.prunedMs ?? Number.NEGATIVE_INFINITY) < longestWindowMs / 4) return;
  memory.prunedMs = memory.fromMs;
  for (const seen of memory.seen.values()) {
    for (const [id, knownMs] of seen) if (knownMs < memory.fromMs) seen.delete(id);
  }
}

function rowColumn(feature: RowFeature, slotOf: ReadonlyMap<string, number>): FeatureColumn {
  const { name, expression } = feature;
  if (feature.kind === 'category') return categoryColumn(feature, slotOf);
  const read = compileNumber(expression, slotOf);
  return ({ slots, momentsMs }) => {
    const values = new Float32Array(momentsMs.length);
    for (let row = 0; row < values.length; row += 1) values[row] = finiteFloat32(read(slots, row));
    return { kind: 'float32', name, values };
  };
}

function categoryColumn({ name, expression }: RowFeature, slotOf: ReadonlyMap<string, number>): FeatureColumn {
  if (expression.op === 'column') {
    const slot = slotOf.get(expression.name) ?? -1;
    // Checked by requestSlots: a category comes as levels, which pass through.
    return ({ slots, momentsMs }) => {
      const column = slots[slot];
      if (column?.kind === 'levels') return { kind: 'levels', name, values: column.values, levels: column.levels };
      return { kind: 'levels', name, values: new Int32Array(momentsMs.length).fill(-1), levels: [] };
    };
  }
  const read = compileText(expression, slotOf);
  return ({ slots, momentsMs }) => {
    const values = new Int32Array(momentsMs.length);
    const codeOf = new Map<string, number>();
    for (let row = 0; row < values.length; row += 1) {
      const text = read(slots, row);
      if (text !== undefined && !codeOf.has(text)) codeOf.set(text, codeOf.size);
      values[row] = text === undefined ? -1 : (codeOf.get(text) ?? -1);
    }
    return { kind: 'levels', name, values, levels: [...codeOf.keys()] };
  };
}

function windowColumn(feature: WindowFeature, read: CountReader | undefined): FeatureColumn {
  const counts: WindowCounts = { numerator: 0, denominator: 0 };
  return (request) => {
    const values = new Float32Array(request.momentsMs.length);
    for (let row = 0; row < values.length; row += 1) {
      const isKnown = read?.(request, row, counts) === true;
      values[row] = isKnown ? finiteFloat32(windowValue(feature, counts.numerator, counts.denominator)) : Number.NaN;
    }
    return { kind: 'float32', name: feature.name, values };
  };
}

function countReader(
  part: { readonly window: OpenWindow; readonly feature: WindowFeature; readonly measure: number },
  slotOf: ReadonlyMap<string, number>,
  memory: Memory,
): CountReader {
  const { feature, measure } = part;
  const { store } = part.window;
  const { overMs } = feature;
  const slot = feature.match === undefined ? undefined : (slotOf.get(feature.match) ?? -1);
  return ({ slots, momentsMs }, row, counts) => {
    const momentMs = momentsMs[row] ?? Number.NaN;
    const key = slot === undefined ? '' : levelAt(slots[slot], row);
    if (key === undefined || !(momentMs - overMs >= memory.fromMs)) return false;
    sumWindow(store.seriesOf(key), measure, { momentMs, overMs }, counts);
    return true;
  };
}

function readCounts(
  read: CountReader,
  request: Request,
): { readonly numerator: Float64Array; readonly denominator: Float64Array } {
  const numerator = new Float64Array(request.momentsMs.length);
  const denominator = new Float64Array(request.momentsMs.length);
  const counts: WindowCounts = { numerator: 0, denominator: 0 };
  for (let row = 0; row < numerator.length; row += 1) {
    const isKnown = read(request, row, counts);
    numerator[row] = isKnown ? counts.numerator : Number.NaN;
    denominator[row] = isKnown ? counts.denominator : Number.NaN;
  }
  return { numerator, denominator };
}

/** Puts the columns of a request in the order of the view; they mostly are. */
function requestSlots(view: FeatureView, frame: Frame): Slots {
  return view.request.map((wanted, index) => {
    const guess = frame.columns[index];
    const column = guess?.name === wanted.name ? guess : frame.columns.find((candidate) => candidate.name === wanted.name);
    if (column === undefined) throw badRequest(`the request lacks the input "${wanted.name}" (${wanted.type})`);
    if ((column.kind === 'levels') !== (wanted.type === 'category'))
      throw badRequest(`the input "${wanted.name}" must be a ${wanted.type}`);
    return column;
  });
}

function badRequest(message: string): GyreError {
  return new GyreError({ kind: 'invalid', code: 'features/bad-request', message });
}
