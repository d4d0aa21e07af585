import { GyreError, type Problem } from '#kernel';
import { type ProblemBody, statusOfKind } from '#platform/http/api';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Against a rule',
  428: 'Precondition required',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Unavailable',
};

const RETRYABLE = new Set([429, 503]);

/** A failed answer before it is written: the document, and the headers that belong to it. */
export interface ProblemAnswer {
  readonly status: number;
  readonly body: ProblemBody;
  readonly headers: Readonly<Record<string, string>>;
}

/** What {@link problemOf} may be told besides the error. */
export interface ProblemContext {
  readonly requestId: string;
  /** Path of the request, without query. */
  readonly instance?: string;
  /** Replaces the status of the kind where HTTP has a finer one: 405, 431. */
  readonly status?: number;
}

/** Writes an error as a problem document (RFC 9457). What is not a GyreError tells nothing but its request id. */
export function problemOf(error: unknown, context: ProblemContext): ProblemAnswer {
  const known = error instanceof GyreError ? error : unknownDefect();
  const status = context.status ?? statusOfKind(known.kind);
  const retryable = RETRYABLE.has(status) || known.data['retryable'] === true;
  const body: ProblemBody = {
    type: `urn:gyre:error:${known.code}`,
    title: TITLES[status] ?? 'Failed',
    status,
    detail: known.message,
    ...(context.instance === undefined ? {} : { instance: context.instance }),
    code: known.code,
    requestId: context.requestId,
    errors: known.problems.map((problem: Problem) => ({ ...problem })),
    retryable,
    ...(known.help === undefined ? {} : { help: known.help }),
  };
  return { status, body, headers: retryable ? { 'retry-after': '1' } : {} };
}

/** Makes the error that stands for a defect: no message of an unexpected error ever leaves the server. */
function unknownDefect(): GyreError {
  return new GyreError({
    kind: 'internal',
    code: 'http/internal',
    message: 'something went wrong inside Gyre; the log has the details under this request id',
    help: 'please report it with the request id and the lines of the log around it',
  });
}
