import { drawSpark, type SparkPoint, sparkSummary } from './spark-path.ts';

const BOX = { width: 132, height: 28, pad: 3 };

/**
 * Draws values over time as a small line with the band of their intervals, and the target as a dashed line.
 *
 * @param props - Points, oldest first, and what they are called.
 */
export function Sparkline(props: {
  readonly points: readonly SparkPoint[];
  readonly target?: number | undefined;
  /** What one point is: `week`, `window`. */
  readonly noun: string;
  readonly name: string;
}) {
  const { points, target } = props;
  const summary = sparkSummary(points, props.noun);
  if (points.length === 0) return <span className="missing one-line">{summary}</span>;
  const drawing = drawSpark(points, BOX, target);
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${String(BOX.width)} ${String(BOX.height)}`}
      width={BOX.width}
      height={BOX.height}
      role="img"
      aria-label={`${props.name}: ${summary}`}
    >
      <title>{summary}</title>
      {drawing.targetY !== undefined && (
        <line className="spark-target" x1="0" x2={BOX.width} y1={drawing.targetY} y2={drawing.targetY} />
      )}
      {drawing.band !== '' && <path className="spark-band" d={drawing.band} />}
      <path className="spark-line" d={drawing.line} />
      {drawing.last !== undefined && <circle className="spark-last" cx={drawing.last.x} cy={drawing.last.y} r="2.5" />}
    </svg>
  );
}
