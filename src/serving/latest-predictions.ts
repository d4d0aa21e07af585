import { type Column, columnOf, type Frame } from '#kernel';
import { PREDICTION_COLUMNS } from './prediction-frame.ts';

/** One logged prediction, for people. */
export interface LoggedPrediction {
  readonly id: string;
  readonly requestId: string;
  readonly momentMs: number;
  readonly arrivedAtMs: number;
  readonly score: number;
  readonly deployment: string;
  readonly modelDigest: string;
  readonly latencyMs: number;
  readonly shadow: boolean;
  /** Model inputs by name; undefined is missing. */
  readonly inputs: Readonly<Record<string, number | string | undefined>>;
}

/** Gives the last rows of a frame of predictions, newest first. */
export function latestPredictions(frame: Frame, limit: number): readonly LoggedPrediction[] {
  const own: ReadonlySet<string> = new Set(PREDICTION_COLUMNS);
  const inputs = frame.columns.filter((column) => !own.has(column.name));
  const count = Math.min(limit, frame.nRows);
  return Array.from({ length: count }, (_, place) => predictionAt(frame, frame.nRows - 1 - place, inputs));
}

function predictionAt(frame: Frame, row: number, inputs: readonly Column[]): LoggedPrediction {
  const text = (name: string): string => String(valueAt(columnOf(frame, name), row) ?? '');
  const number = (name: string): number => columnOf(frame, name).values[row] ?? Number.NaN;
  return {
    id: text('id'),
    requestId: text('request'),
    momentMs: number('moment'),
    arrivedAtMs: number('arrived'),
    score: number('score'),
    deployment: text('deployment'),
    modelDigest: text('model'),
    latencyMs: number('latencyUs') / 1000,
    shadow: number('shadow') === 1,
    inputs: Object.fromEntries(inputs.map((column) => [column.name, valueAt(column, row)])),
  };
}

function valueAt(column: Column, row: number): number | string | undefined {
  const value = column.values[row] ?? Number.NaN;
  if (column.kind === 'levels') return column.levels[value];
  return Number.isNaN(value) ? undefined : value;
}
