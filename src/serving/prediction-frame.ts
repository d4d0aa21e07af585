/**
 * Columns every frame of logged predictions begins with: `id` entity (levels), `request` request id (levels), `moment`
 * prediction moment (float64 ms), `arrived` wall time (float64 ms), `score` (float64), `deployment` and `model` name and digest
 * (levels), `latencyUs` (float32), `shadow` 0 or 1 (float32).
 */
export const PREDICTION_COLUMNS = [
  'id',
  'request',
  'moment',
  'arrived',
  'score',
  'deployment',
  'model',
  'latencyUs',
  'shadow',
] as const;

const OWN_COLUMNS: ReadonlySet<string> = new Set(PREDICTION_COLUMNS);

/**
 * Gives the name under which a model input is logged.
 *
 * @param input - Name of the model input.
 * @returns The same name, unless the log has a column of that name itself.
 * @example
 * ```ts
 * loggedName('score'); // => 'input.score'
 * ```
 */
export function loggedName(input: string): string {
  return OWN_COLUMNS.has(input) ? `input.${input}` : input;
}
