import type { ServerResponse } from 'node:http';
import { GyreError } from '#kernel';
import { statusOfKind } from '#platform/http/api';

/**
 * Sends text whose every character is ASCII or whose byte length is taken: one write, no chunking.
 *
 * @param response - Not yet begun.
 * @param status - HTTP status.
 * @param text - JSON.
 */
export function sendJson(response: ServerResponse, status: number, text: string): void {
  // Header names and values in one flat list: Node then builds no header object.
  response.writeHead(status, ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(text))]);
  response.end(text);
}

/** Answers what went wrong in the protocol's own form, `{"error": "…"}`. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const known = error instanceof GyreError ? error : undefined;
  const status = known === undefined ? 500 : statusOfKind(known.kind);
  // Nobody reads on to the end of a body that is refused for its size.
  if (known?.kind === 'too-large') response.shouldKeepAlive = false;
  const message = known?.message ?? 'the server failed to answer; its log says why';
  const text = JSON.stringify({ error: known?.help === undefined ? message : `${message}; ${known.help}` });
  sendJson(response, status, text);
}

/** Refuses an HTTP method, naming the one that works. */
export function sendMethodNotAllowed(response: ServerResponse, allowed: string): void {
  const text = JSON.stringify({ error: `this path takes ${allowed} only` });
  response.writeHead(405, [
    'content-type',
    'application/json',
    'allow',
    allowed,
    'content-length',
    String(Buffer.byteLength(text)),
  ]);
  response.end(text);
}
