/** One problem inside a request: where it is, and what is wrong. */
export interface ProblemDetail {
  /** JSON pointer into the request. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** What a {@link GyreProblem} is made of. */
export interface GyreProblemOptions {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** `<slice>/<what>`. */
  readonly code: string;
  readonly detail: string;
  readonly requestId?: string;
  readonly problems?: readonly ProblemDetail[];
  readonly isRetryable?: boolean;
  readonly help?: string;
  readonly cause?: unknown;
}

/**
 * A failed call: the problem document of the server as an error.
 *
 * @example
 * ```ts
 * new GyreProblem({ status: 404, code: 'projects/not-found', detail: 'no project "churm"' }).code; // => 'projects/not-found'
 * ```
 */
export class GyreProblem extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** `<slice>/<what>`; stable, programs may rely on it. */
  readonly code: string;
  /** Names the request in the server's log. */
  readonly requestId: string;
  readonly problems: readonly ProblemDetail[];
  /** Whether the same request may succeed later. */
  readonly isRetryable: boolean;
  /** What to try next. */
  readonly help: string | undefined;

  constructor(options: GyreProblemOptions) {
    super(options.detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GyreProblem';
    this.status = options.status;
    this.code = options.code;
    this.requestId = options.requestId ?? '';
    this.problems = options.problems ?? [];
    this.isRetryable = options.isRetryable ?? false;
    this.help = options.help;
  }
}

/** Reads a failed response as a problem. */
export async function problemOfResponse(response: Response): Promise<GyreProblem> {
  const document = parse(await response.text());
  const detail = textOf(document, 'detail');
  const code = textOf(document, 'code');
  if (detail === undefined || code === undefined) {
    const { status } = response;
    return new GyreProblem({
      status,
      code: 'client/bad-answer',
      detail: `${response.url} answered ${String(status)} without a problem document`,
    });
  }
  const help = textOf(document, 'help');
  return new GyreProblem({
    status: response.status,
    code,
    detail,
    requestId: textOf(document, 'requestId') ?? '',
    problems: problemsOf(document),
    isRetryable: Reflect.get(document, 'retryable') === true,
    ...(help === undefined ? {} : { help }),
  });
}

function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function textOf(document: object, key: string): string | undefined {
  const value: unknown = Reflect.get(document, key);
  return typeof value === 'string' ? value : undefined;
}

function problemsOf(document: object): readonly ProblemDetail[] {
  const value: unknown = Reflect.get(document, 'errors');
  return Array.isArray(value) ? (value as readonly ProblemDetail[]) : [];
}
