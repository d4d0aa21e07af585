import { numberText } from './number-text.ts';

/** One point of a small line: its value and, where known, the ends of its interval. */
export interface SparkPoint {
  /** What the point is called in the table: a date, a window. */
  readonly label: string;
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** What a small line is drawn from, in the units of the given box. */
export interface SparkDrawing {
  /** SVG path of the line; values that are no numbers leave a gap. */
  readonly line: string;
  /** SVG path of the band of the intervals; empty without any. */
  readonly band: string;
  /** Height of the target line; undefined without a target. */
  readonly targetY: number | undefined;
  readonly last: { readonly x: number; readonly y: number } | undefined;
}

/** Draws points from left to right in a box; the newest lies at the right border. */
export function drawSpark(
  points: readonly SparkPoint[],
  box: { readonly width: number; readonly height: number; readonly pad: number },
  target?: number,
): SparkDrawing {
  const known = points.flatMap((point) => [point.value, point.low ?? point.value, point.high ?? point.value]);
  const values = [...known, ...(target === undefined ? [] : [target])].filter((value) => Number.isFinite(value));
  const from = Math.min(...values);
  const span = Math.max(...values) - from || 1;
  const inner = { width: box.width - 2 * box.pad, height: box.height - 2 * box.pad };
  const step = points.length > 1 ? inner.width / (points.length - 1) : 0;
  const x = (index: number): number => round(points.length > 1 ? box.pad + index * step : box.pad + inner.width);
  const y = (value: number): number => round(box.pad + inner.height * (1 - (value - from) / span));
  const lastIndex = points.findLastIndex((point) => Number.isFinite(point.value));
  const last = points[lastIndex];
  return {
    line: linePath(points.map((point, index) => ({ x: x(index), y: y(point.value) }))),
    band: bandPath(
      points.map((point, index) => ({ x: x(index), low: y(point.low ?? Number.NaN), high: y(point.high ?? Number.NaN) })),
    ),
    targetY: target === undefined || values.length === 0 ? undefined : y(target),
    last: last === undefined ? undefined : { x: x(lastIndex), y: y(last.value) },
  };
}

function linePath(points: readonly { readonly x: number; readonly y: number }[]): string {
  let isDown = false;
  const parts: string[] = [];
  for (const { x, y } of points) {
    if (Number.isFinite(y)) parts.push(`${isDown ? 'L' : 'M'}${String(x)} ${String(y)}`);
    isDown = Number.isFinite(y);
  }
  return parts.join('');
}

function bandPath(points: readonly { readonly x: number; readonly low: number; readonly high: number }[]): string {
  const known = points.filter((point) => Number.isFinite(point.low) && Number.isFinite(point.high));
  if (known.length < 2) return '';
  const upper = known.map((point, index) => `${index === 0 ? 'M' : 'L'}${String(point.x)} ${String(point.high)}`);
  const lower = known.toReversed().map((point) => `L${String(point.x)} ${String(point.low)}`);
  return `${[...upper, ...lower].join('')}Z`;
}

/** Says in one sentence what a small line shows. */
export function sparkSummary(points: readonly SparkPoint[], noun: string): string {
  const known = points.filter((point) => Number.isFinite(point.value));
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) return `no ${noun} yet`;
  if (known.length === 1) return `one ${noun}: ${numberText(last.value)}`;
  const half = ((last.high ?? last.value) - (last.low ?? last.value)) / 2;
  const change = last.value - first.value;
  const isFlat = Math.abs(change) <= Math.max(half, Math.abs(first.value) * 0.005);
  const moves = change > 0 ? 'rises' : 'falls';
  const verb = isFlat ? 'stays near' : `${moves} from ${numberText(first.value)} to`;
  return `${verb} ${numberText(last.value)} over ${String(known.length)} ${noun}s`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
