import type { IncomingMessage } from 'node:http';
import { formatBytes, GyreError } from '#kernel';
import type { AnyRouteContract } from '#platform/http/api';
import { findJsonFault } from './json-position.ts';

/** Deepest nesting of a JSON body. */
export const JSON_DEPTH_LIMIT = 40;
/** Largest body of a route that names no limit of its own. */
export const DEFAULT_BODY_LIMIT_BYTES = 1024 * 1024;
/** Longest silence while a body arrives. */
const BODY_SILENCE_MS = 30_000;

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json$/;

/** Reads and parses the JSON body of a request; undefined when none was sent. */
export async function readJsonBody(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  requireJson(request);
  const chunks: Uint8Array[] = [];
  for await (const chunk of readBytes(request, limitBytes)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return bytes.length === 0 ? undefined : parseJsonBody(bytes);
}

/** Parses bytes as JSON: UTF-8 only, no nesting over {@link JSON_DEPTH_LIMIT}, no key that could poison a prototype. */
export function parseJsonBody(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  assertHarmless(value);
  return value;
}

/** Refuses a body on a route that takes none. */
export function requireNoBody(request: IncomingMessage): void {
  if (!hasBody(request) || request.headers['content-length'] === '0') return;
  throw new GyreError({
    kind: 'invalid',
    code: 'http/unexpected-body',
    message: 'this route takes no body, but one was sent; leave it out',
  });
}

/** Gives the largest body that a route takes, in bytes. */
export function bodyLimitOf(contract: AnyRouteContract): number {
  return contract.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES;
}

/** Reads a body as it arrives; throws when it grows over the limit, goes silent, or its sender goes away. */
export async function* readBytes(request: IncomingMessage, limitBytes: number): AsyncGenerator<Uint8Array> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limitBytes) throw tooLarge(limitBytes, announced);
  request.setTimeout(BODY_SILENCE_MS, () => {
    request.destroy(new GyreError({ kind: 'unavailable', code: 'http/body-timeout', message: 'the body stopped arriving' }));
  });
  let received = 0;
  // Without an encoding set on it, a request stream gives Buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > limitBytes) throw tooLarge(limitBytes, received);
    yield chunk;
  }
  request.setTimeout(0);
}

function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

function requireJson(request: IncomingMessage): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw unsupported(`content-encoding "${encoding.slice(0, 40)}"`, 'send it uncompressed');
  const header = request.headers['content-type'] ?? '';
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  if (!JSON_TYPE.test(type)) {
    throw unsupported(
      type === '' ? 'a body without a content-type' : `content-type "${type.slice(0, 60)}"`,
      'send application/json',
    );
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset))
    throw unsupported(`"${charset.slice(0, 40)}"`, 'send UTF-8');
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new GyreError({ kind: 'invalid', code: 'http/bad-json', message: 'the body is not UTF-8' });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes the body, which may hold a secret; a position says enough.
    const fault = findJsonFault(text);
    const where = `line ${String(fault.line)}, column ${String(fault.column)}`;
    throw new GyreError({
      kind: 'invalid',
      code: 'http/bad-json',
      message: `the body is not JSON: ${fault.offset >= text.length ? `it ends too early, at ${where}` : `unexpected text at ${where}`}`,
      data: { ...fault },
      cause,
    });
  }
}

/** Walks without recursion, so that a hostile body cannot exhaust the stack. */
function assertHarmless(root: unknown): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > JSON_DEPTH_LIMIT) {
      throw new GyreError({
        kind: 'invalid',
        code: 'http/json-too-deep',
        message: `the body nests deeper than ${String(JSON_DEPTH_LIMIT)} levels`,
      });
    }
    level = level.flatMap((value) => childrenOf(value));
  }
}

function childrenOf(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'object');
  if (Object.hasOwn(value, '__proto__') || isConstructorTrick(value)) {
    throw new GyreError({
      kind: 'invalid',
      code: 'http/forbidden-key',
      message: 'the body has a key "__proto__" or "constructor.prototype", which no document of Gyre has',
    });
  }
  return Object.values(value).filter((item) => typeof item === 'object');
}

function isConstructorTrick(value: object): boolean {
  if (!Object.hasOwn(value, 'constructor')) return false;
  const inner: unknown = Reflect.get(value, 'constructor');
  return typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype');
}

function tooLarge(limitBytes: number, sizeBytes: number): GyreError {
  return new GyreError({
    kind: 'too-large',
    code: 'http/body-too-large',
    message: `the body has ${formatBytes(sizeBytes)} or more; this route takes at most ${formatBytes(limitBytes)}`,
    data: { limitBytes },
  });
}

function unsupported(what: string, advice: string): GyreError {
  return new GyreError({
    kind: 'unsupported',
    code: 'http/unsupported-media-type',
    message: `this route does not take ${what}; ${advice}`,
  });
}
