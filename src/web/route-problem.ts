import type { ProblemBody } from '#platform/http/api';

/** A call that failed, as screens show it: what, which code, under which request id, and whether trying again may help. */
export class RouteProblem extends Error {
  override readonly name = 'RouteProblem';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly isRetryable: boolean;
  readonly help: string | undefined;

  constructor(problem: Partial<ProblemBody> & { readonly status: number; readonly code: string; readonly detail: string }) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.requestId ?? '';
    this.isRetryable = problem.retryable ?? false;
    this.help = problem.help;
  }
}

/** Makes the problem of an answer that was not a success. */
export async function problemOf(response: Response): Promise<RouteProblem> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isProblem(body)) return new RouteProblem(body);
  return new RouteProblem({
    status: response.status,
    code: 'web/bad-answer',
    detail: `the server answered ${String(response.status)} without saying why`,
    retryable: response.status >= 500,
  });
}

/** Makes the problem of a call that got no answer. */
export function unreachable(): RouteProblem {
  return new RouteProblem({
    status: 0,
    code: 'web/unreachable',
    detail: 'the server does not answer',
    retryable: true,
    help: 'look whether it runs: npx gyre status',
  });
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body && 'status' in body;
}
