import { GyreError, isGyreError } from '#kernel';
import { statusOfKind } from '#platform/http';

/** How a failure is shown. */
export interface ErrorStyle {
  /** Whether causes and stack are shown. */
  readonly isVerbose: boolean;
  readonly hasColor: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/**
 * Writes a failure for people: what, the value, where, what to do, and the code.
 *
 * @param error - Anything that was thrown.
 * @param style - How to show it.
 * @returns Lines for stderr.
 */
export function errorText(error: unknown, style: ErrorStyle): string {
  const known = asGyreError(error);
  const red = style.hasColor ? (text: string) => `\u001B[31m${text}\u001B[39m` : (text: string) => text;
  const head = `error: ${known.message}`;
  const code = `[${known.code}]`;
  const gap = Math.max(2, Math.min(style.width, 100) - head.length - code.length);
  const requestId = known.data['requestId'];
  return [
    `${red('error:')}${head.slice('error:'.length)}${' '.repeat(gap)}${code}`,
    ...known.problems
      .filter(({ detail }) => !known.message.endsWith(detail))
      .map(({ pointer, detail }) => `  at ${pointer}   ${detail}`),
    ...(known.help === undefined ? [] : [`  try: ${known.help}`]),
    ...(typeof requestId === 'string' && requestId !== '' ? [`  request ${requestId}`] : []),
    ...(style.isVerbose ? [causeText(error)] : []),
  ].join('\n');
}

/**
 * Writes a failure as the problem document that the server would give, for `--json`.
 *
 * @param error - Anything that was thrown.
 * @returns One JSON object.
 */
export function errorJson(error: unknown): string {
  const known = asGyreError(error);
  const requestId = known.data['requestId'];
  return JSON.stringify({
    type: `urn:gyre:error:${known.code}`,
    title: 'Failed',
    status: statusOfKind(known.kind),
    detail: known.message,
    code: known.code,
    requestId: typeof requestId === 'string' ? requestId : '',
    errors: known.problems,
    retryable: known.kind === 'unavailable' || known.kind === 'limited',
    ...(known.help === undefined ? {} : { help: known.help }),
  });
}

function asGyreError(error: unknown): GyreError {
  if (isGyreError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new GyreError({
    kind: 'internal',
    code: 'cli/defect',
    message: `a defect of Gyre: ${message}`,
    help: 'please report it with the output of the same command and --verbose',
  });
}

function causeText(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const cause = error.cause === undefined ? '' : `\ncaused by: ${causeText(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
