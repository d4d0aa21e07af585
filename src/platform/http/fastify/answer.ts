import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ProblemAnswer } from './problem.ts';

const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** What an answer of the API may do in a browser: nothing. Bytes that users stored are also cut off from the page's origin. */
const API_HEADERS: Readonly<Record<string, string>> = {
  ...COMMON_HEADERS,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cache-control': 'no-store',
};

/** What the screens may do: load what the server itself serves, and talk to it. Nothing inline, no text turned into code. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  ...COMMON_HEADERS,
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "require-trusted-types-for 'script'",
    'trusted-types gyre',
  ].join('; '),
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Headers of an answer, by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/** Writes a whole answer of the API. */
export function writeAnswer(
  response: ServerResponse,
  answer: { readonly status: number; readonly headers: Headers; readonly text: string },
): void {
  const isEmpty = answer.text === '';
  response.writeHead(answer.status, {
    ...API_HEADERS,
    ...(isEmpty ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...(answer.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(answer.text)) }),
    ...answer.headers,
  });
  response.end(answer.text);
}

/** Writes a problem document; closes the connection when a part of the request was left unread. */
export function writeProblem(response: ServerResponse, problem: ProblemAnswer, headers: Headers = {}): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const text = JSON.stringify(problem.body);
  const isUnread = !response.req.complete;
  writeAnswer(response, {
    status: problem.status,
    text,
    headers: {
      ...problem.headers,
      ...headers,
      'content-type': 'application/problem+json',
      ...(isUnread ? { connection: 'close' } : {}),
    },
  });
}

/** Streams an answer as fast as the client takes it; ends without an error when the client goes away. */
export async function writeStream(
  response: ServerResponse,
  answer: { readonly status: number; readonly headers: Headers; readonly stream: AsyncIterable<Uint8Array | string> },
): Promise<void> {
  response.writeHead(answer.status, { ...API_HEADERS, ...answer.headers });
  response.flushHeaders();
  await pipeline(Readable.from(answer.stream), response);
}
