import { GyreError } from '#kernel';
import type { ApiCall } from '#platform/cli';
import { kindOfStatus } from '#platform/http';
import type { AnyRouteContract, ProblemBody } from '#platform/http/api';

/** Where and how patiently to call. */
export interface ApiCallOptions {
  readonly serverUrl: string;
  readonly signal: AbortSignal;
  /** Longest wait for one answer, milliseconds. */
  readonly timeoutMs: number;
}

interface CallInput {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly bytes?: Uint8Array;
  readonly idempotencyKey?: string;
}

/**
 * Makes the function by which commands call routes of a server; failures come out as the GyreError that the server threw.
 *
 * @param options - Where and how patiently.
 * @returns The call.
 */
export function createApiCall(options: ApiCallOptions): ApiCall {
  const call = async (contract: AnyRouteContract, input: CallInput = {}): Promise<unknown> => {
    const response = await send(options, contract, input);
    const text = await response.text();
    if (response.ok) return text === '' ? null : parseAnswer(options.serverUrl, text);
    throw failureOf(options.serverUrl, response.status, text);
  };
  // The generic form only ties the types of one contract together.
  return call as unknown as ApiCall;
}

/** Builds the URL of a call: path parameters escaped, absent query members left out. */
export function urlOf(serverUrl: string, contract: AnyRouteContract, input: CallInput): string {
  const path = contract.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(memberOf(input.params, name))));
  const query = queryOf(input.query ?? {});
  return `${serverUrl}${path}${query === '' ? '' : `?${query}`}`;
}

function queryOf(members: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members) as [string, unknown][]) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const item of items.filter((one) => one !== undefined))
      query.append(name, typeof item === 'string' ? item : JSON.stringify(item));
  }
  return query.toString();
}

async function send(options: ApiCallOptions, contract: AnyRouteContract, input: CallInput): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (input.idempotencyKey !== undefined) headers['idempotency-key'] = input.idempotencyKey;
  if (contract.bodyKind === 'json') headers['content-type'] = 'application/json';
  if (contract.bodyKind === 'bytes') headers['content-type'] = 'application/octet-stream';
  try {
    return await fetch(urlOf(options.serverUrl, contract, input), {
      method: contract.method,
      headers,
      signal: AbortSignal.any([options.signal, timeout]),
      ...bodyOf(contract, input),
    });
  } catch (cause) {
    if (timeout.aborted) throw timedOut(options);
    throw unreachable(options.serverUrl, cause);
  }
}

function bodyOf(contract: AnyRouteContract, input: CallInput): { readonly body?: string | Uint8Array<ArrayBuffer> } {
  if (contract.bodyKind === 'json') return { body: JSON.stringify(input.body ?? null) };
  if (contract.bodyKind === 'bytes' && input.bytes !== undefined) return { body: new Uint8Array(input.bytes) };
  return {};
}

function parseAnswer(serverUrl: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badAnswer(serverUrl, 'its answer is not JSON', cause);
  }
}

function failureOf(serverUrl: string, status: number, text: string): GyreError {
  const problem = problemIn(text);
  if (problem === undefined) return badAnswer(serverUrl, `it answered ${String(status)} without a problem document`, undefined);
  return new GyreError({
    kind: kindOfStatus(status),
    code: problem.code,
    message: problem.detail,
    data: { requestId: problem.requestId },
    problems: problem.errors,
    ...(problem.help === undefined ? {} : { help: problem.help }),
  });
}

function problemIn(text: string): ProblemBody | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isProblem = typeof value === 'object' && value !== null && 'code' in value && 'detail' in value && 'errors' in value;
    return isProblem ? (value as ProblemBody) : undefined;
  } catch {
    return undefined;
  }
}

function timedOut({ serverUrl, timeoutMs }: ApiCallOptions): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'cli/timeout',
    message: `${serverUrl} did not answer within ${String(timeoutMs / 1000)} s`,
    help: 'wait longer with --timeout 5m',
  });
}

function unreachable(serverUrl: string, cause: unknown): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'cli/unreachable',
    message: `no server answers at ${serverUrl}`,
    help: 'start one with: gyre up',
    cause,
  });
}

function badAnswer(serverUrl: string, what: string, cause: unknown): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'cli/bad-answer',
    message: `what listens at ${serverUrl} is not a Gyre server: ${what}`,
    cause,
  });
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
