import type { Estimate } from '#kernel';
import { gaugeMarks, gaugeStand } from './gauge-scale.ts';
import { estimateText, numberText } from './number-text.ts';

const WIDTH = 132;
const HEIGHT = 18;
const MIDDLE = HEIGHT / 2;

/** What a gauge shows. */
export interface GaugeProps {
  readonly name: string;
  readonly estimate: Estimate;
  readonly target: number;
  /** `maximize` or `minimize`. */
  readonly direction: string;
}

/** Draws a value and its interval against its target; the side that is wanted is shaded. */
export function Gauge({ name, estimate, target, direction }: GaugeProps) {
  const marks = gaugeMarks(estimate, target);
  const stand = gaugeStand(estimate, target, direction);
  const x = (share: number): number => Math.round(share * WIDTH * 10) / 10;
  const bound = direction === 'minimize' ? 'at most' : 'at least';
  const good =
    direction === 'minimize' ? { x: 0, width: x(marks.target) } : { x: x(marks.target), width: WIDTH - x(marks.target) };
  return (
    <svg
      className="gauge"
      data-stand={stand}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${name} ${estimateText(estimate)}, wanted ${bound} ${numberText(target)}: ${stand}`}
    >
      <rect className="gauge-good" x={good.x} y="4" width={good.width} height={HEIGHT - 8} />
      <line className="gauge-track" x1="0" x2={WIDTH} y1={MIDDLE} y2={MIDDLE} />
      <line className="gauge-interval" x1={x(marks.low)} x2={x(marks.high)} y1={MIDDLE} y2={MIDDLE} />
      <line className="gauge-target" x1={x(marks.target)} x2={x(marks.target)} y1="1" y2={HEIGHT - 1} />
      <circle className="gauge-value" cx={x(marks.value)} cy={MIDDLE} r="3.5" />
    </svg>
  );
}
