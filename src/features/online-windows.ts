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
  const seriesFor = (name: string): FactSeries => {
    const known = series.get(name);
    if (known !== undefined) return known;
    const made = createFactSeries(readers.length);
    series.set(name, made);
    return made;
  };
  const ingestRow = (slots: Slots, place: { readonly row: number; readonly key: string; readonly knownMs: number }): void => {
    for (let measure = 0; measure < readers.length; measure += 1)
      values[measure] = readers[measure]?.(slots, place.row) ?? Number.NaN;
    addFact(seriesFor(place.key), place.knownMs, values);
  };
  return {
    dataset: source.name,
    ingest: (facts, rows) => {
      const slots = slotsOf(source, facts);
      const known = slots[slotOf.get(source.knownTime) ?? -1];
      const keys = slots[slotOf.get(key ?? '') ?? -1];
      for (const row of rows) {
        const name = key === undefined ? '' : keyAt(keys, row);
        if (name !== undefined) ingestRow(slots, { row, key: name, knownMs: known?.values[row] ?? Number.NaN });
      }
    },
    forget: (timeMs) => {
      for (const [name, one] of series) {
        dropBefore(one, timeMs);
        if (one.start === one.end) series.delete(name);
      }
    },
    seriesOf: (name) => series.get(name),
  };
}

function keyAt(column: Column | undefined, row: number): string | undefined {
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
