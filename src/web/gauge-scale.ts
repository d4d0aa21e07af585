import { type Estimate, hasInterval } from '#kernel';

/** Where the marks of a gauge lie, each from 0 (left) to 1 (right). */
export interface GaugeMarks {
  readonly target: number;
  readonly value: number;
  /** Ends of the interval; equal to the value where there is none. */
  readonly low: number;
  readonly high: number;
}

/** How a value stands to its target: reached or missed by the whole interval, or unclear. */
export type GaugeStand = 'reached' | 'missed' | 'unclear';

const MARGIN_RATIO = 0.18;

/** Places a value, its interval and its target on one scale that holds them all with some air. */
export function gaugeMarks(estimate: Estimate, target: number): GaugeMarks {
  const [low, high] = hasInterval(estimate) ? [estimate.low, estimate.high] : [estimate.value, estimate.value];
  const from = Math.min(low, target);
  const to = Math.max(high, target);
  const span = to - from;
  const air = span === 0 ? 1 : span * MARGIN_RATIO;
  const place = (value: number): number => (value - (from - air)) / (span + 2 * air);
  return { target: place(target), value: place(estimate.value), low: place(low), high: place(high) };
}

/** Judges a value by its whole interval: the target inside it, or no interval at all, leaves it unclear. */
export function gaugeStand(estimate: Estimate, target: number, direction: string): GaugeStand {
  if (!hasInterval(estimate)) return 'unclear';
  const sign = direction === 'minimize' ? -1 : 1;
  const ends = [sign * estimate.low, sign * estimate.high];
  if (Math.min(...ends) >= sign * target) return 'reached';
  return Math.max(...ends) < sign * target ? 'missed' : 'unclear';
}
