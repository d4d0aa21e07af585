import type { Duplex } from 'node:stream';
import { GyreError } from '#kernel';
import { problemOf } from './problem.ts';

/** Answers what never became a request: there is only the socket to write to. */
export function answerClientError(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const isOverflow = error.code === 'HPE_HEADER_OVERFLOW';
  const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const defect = isOverflow
    ? new GyreError({ kind: 'too-large', code: 'http/headers-too-large', message: 'the request headers are over 16 KiB' })
    : new GyreError({
        kind: 'invalid',
        code: 'http/bad-request',
        message: isSlow ? 'the request took too long to arrive' : 'this is not an HTTP request',
      });
  const status = isOverflow ? 431 : 400;
  const text = JSON.stringify(problemOf(defect, { requestId: '', status }).body);
  const head = [
    `HTTP/1.1 ${String(status)} ${isOverflow ? 'Request Header Fields Too Large' : 'Bad Request'}`,
    'content-type: application/problem+json',
    `content-length: ${String(Buffer.byteLength(text))}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}
