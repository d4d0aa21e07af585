import { type Estimate, fromWireNumber, type Json, toWireNumber, type Verdict, type WireNumber } from '#kernel';
import type { MonitorWindow, WindowSignal } from './monitor-window.ts';

/** An estimate as JSON: NaN and infinities as words. */
export type StoredEstimate = {
  readonly value: WireNumber;
  readonly low: WireNumber;
  readonly high: WireNumber;
  readonly level: number;
  readonly n: number;
  readonly method: string;
};

/** A signal as JSON. */
export type StoredSignal = {
  readonly kind: string;
  readonly subject: string;
  readonly method: string;
  readonly value: StoredEstimate;
  readonly threshold: WireNumber;
  readonly verdict: string;
  readonly text: string;
};

/** A coverage as JSON. */
export type StoredCoverage = {
  readonly expected: number;
  readonly arrived: number;
  readonly ratio: WireNumber;
  readonly mature: boolean;
};

/** Gives the JSON form of an estimate. */
export function storedEstimate(estimate: Estimate): StoredEstimate {
  const { value, low, high } = estimate;
  return { ...estimate, value: toWireNumber(value), low: toWireNumber(low), high: toWireNumber(high) };
}

/** Gives the JSON form of a signal. */
export function storedSignal(signal: WindowSignal): StoredSignal {
  return { ...signal, value: storedEstimate(signal.value), threshold: toWireNumber(signal.threshold) };
}

/** Gives the JSON form of a coverage. */
export function storedCoverage(coverage: MonitorWindow['coverage']): StoredCoverage {
  return { ...coverage, ratio: toWireNumber(coverage.ratio) };
}

/** Reads an estimate that this room wrote. */
export function estimateOf(text: string): Estimate {
  return fromStored(JSON.parse(text) as StoredEstimate);
}

/** Reads signals that this room wrote. */
export function signalsOf(text: string): readonly WindowSignal[] {
  return (JSON.parse(text) as readonly StoredSignal[]).map((signal) => ({
    ...signal,
    kind: signal.kind as WindowSignal['kind'],
    verdict: signal.verdict as Verdict,
    value: fromStored(signal.value),
    threshold: fromWireNumber(signal.threshold),
  }));
}

/** Reads a coverage that this room wrote. */
export function coverageOf(text: string): MonitorWindow['coverage'] {
  const stored = JSON.parse(text) as StoredCoverage;
  return { ...stored, ratio: fromWireNumber(stored.ratio) };
}

/** Gives a number for the data of an event; null where it is not finite. */
export function finiteOrNull(value: number): Json {
  return Number.isFinite(value) ? value : null;
}

function fromStored(stored: StoredEstimate): Estimate {
  return {
    ...stored,
    value: fromWireNumber(stored.value),
    low: fromWireNumber(stored.low),
    high: fromWireNumber(stored.high),
  };
}
