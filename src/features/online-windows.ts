import type { Column, Frame } from '#kernel';
import type { NumberReader, Slots } from './compile-row.ts';
import type { SourceColumns, WindowFeature } from './feature-view.ts';
import { addFact, createFactSeries, dropBefore, type FactSeries, positionOf } from './kernels/fact-series.ts';
import { factReader } from './window-measures.ts';

/** Facts of one dataset by one key column, for all window features that look at them so. */
export interface OnlineWindow {
  readonly dataset: string;
  /** Takes in the facts at some rows of a frame, in order of known time. */
  ingest(facts: Frame, rows: Int32Array): void;
  /** Forgets facts known before a time. */
  forget(timeMs: number): void;
  /** Gives the series of a key, undefined when there was no fact. */
  seriesOf(key: string): FactSeries | undefined;
}

/**
 * Makes an empty window store.
 *
 * @param source - The dataset of the facts.
 * @param features - Window features of one dataset and key; each is one measure of the series, in this order.
 * @returns The store.
 */
export function createOnlineWindow(source: SourceColumns, features: readonly WindowFeature[]): OnlineWindow {
  const key = features[0]?.key;
  const slotOf = new Map(source.columns.map((column, index) => [column.name, index]));
  const readers: readonly NumberReader[] = features.map((feature) => factReader(feature, slotOf));
  const series = new Map<string, FactSeries>();
  const values = new Float64Array(readers.length);
  const keySlot = slotOf.get(key ?? '') ?? -1;
  const knownSlot = slotOf.get(source.knownTime) ?? -1;
  const keyOf = (slots: Slots, row: number): string | undefined => (key === undefined ? '' : levelAt(slots[keySlot], row));
  return {
    dataset: source.name,
    ingest: (facts, rows) => {
      const slots = slotsOf(source, facts);
      for (const row of rows) {
        const name = keyOf(slots, row);
        if (name === undefined) continue;
        readers.forEach((read, measure) => {
          values[measure] = read(slots, row);
        });
        addFact(seriesFor(series, name, readers.length), slots[knownSlot]?.values[row] ?? Number.NaN, values);
      }
    },
    forget: (timeMs) => forgetFacts(series, timeMs),
    seriesOf: (name) => series.get(name),
  };
}

function seriesFor(series: Map<string, FactSeries>, name: string, nMeasures: number): FactSeries {
  const known = series.get(name);
  if (known !== undefined) return known;
  const made = createFactSeries(nMeasures);
  series.set(name, made);
  return made;
}

function forgetFacts(series: Map<string, FactSeries>, timeMs: number): void {
  for (const [name, one] of series) {
    dropBefore(one, timeMs);
    if (one.start === one.end) series.delete(name);
  }
}

/** Text of a category at a row, undefined for missing. */
export function levelAt(column: Column | undefined, row: number): string | undefined {
  return column?.kind === 'levels' ? column.levels[column.values[row] ?? -1] : undefined;
}

function slotsOf(source: SourceColumns, facts: Frame): Slots {
  const byName = new Map(facts.columns.map((column) => [column.name, column]));
  return source.columns.map(({ name }) => byName.get(name) ?? { kind: 'float64', name, values: new Float64Array(0) });
}

/** The integers of one window feature at one moment. */
export interface WindowCounts {
  numerator: number;
  denominator: number;
}

/**
 * Sums up the facts of a series known in [momentMs − overMs, momentMs).
 *
 * @param series - Facts of the key; undefined for a key without facts.
 * @param measure - Which value of the facts.
 * @param window - The moment and the length of the window.
 * @param into - Where the two integers go.
 */
export function sumWindow(
  series: FactSeries | undefined,
  measure: number,
  window: { readonly momentMs: number; readonly overMs: number },
  into: WindowCounts,
): void {
  into.numerator = 0;
  into.denominator = 0;
  const sums = series?.sums[measure];
  const counts = series?.counts[measure];
  if (series === undefined || sums === undefined || counts === undefined) return;
  const from = positionOf(series, window.momentMs - window.overMs, false);
  const to = positionOf(series, window.momentMs, false);
  into.numerator = (sums[to] ?? 0) - (sums[from] ?? 0);
  into.denominator = (counts[to] ?? 0) - (counts[from] ?? 0);
}
