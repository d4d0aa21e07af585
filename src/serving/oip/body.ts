import type { IncomingMessage } from 'node:http';
import { GyreError } from '#kernel';
import { badRequest } from './refusal.ts';

/** Largest body of a request. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** Called once: with the bytes of the body, or with what went wrong. */
export type BodyListener = (body: Buffer | undefined, error?: GyreError) => void;

/**
 * Reads the body of a request; refuses what is over the limit as soon as that is known, and does not keep it. When the
 * client goes away before the end, nobody is called: there is nobody to answer.
 */
export function readBody(request: IncomingMessage, listener: BodyListener): void {
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) {
    request.resume();
    listener(undefined, tooLarge());
    return;
  }
  if (request.headers['inference-header-content-length'] !== undefined) {
    request.resume();
    listener(undefined, binaryTensors());
    return;
  }
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let sizeBytes = 0;
  let isOver = false;
  const finish = (body: Buffer | undefined, error?: GyreError): void => {
    if (isOver) return;
    isOver = true;
    chunks = undefined;
    listener(body, error);
  };
  request.on('data', (chunk: Buffer) => {
    if (isOver) return;
    sizeBytes += chunk.length;
    if (sizeBytes > BODY_LIMIT_BYTES) finish(undefined, tooLarge());
    else if (first === undefined) first = chunk;
    else {
      chunks ??= [first];
      chunks.push(chunk);
    }
  });
  request.on('end', () => {
    const body = chunks === undefined ? first : Buffer.concat(chunks);
    if (body === undefined) finish(undefined, badRequest('the body is empty; send JSON with "inputs"'));
    else finish(body);
  });
}

function tooLarge(): GyreError {
  return new GyreError({
    kind: 'too-large',
    code: 'serving/body-too-large',
    message: `the body is over ${String(BODY_LIMIT_BYTES)} bytes; send fewer rows at once`,
  });
}

function binaryTensors(): GyreError {
  return new GyreError({
    kind: 'unsupported',
    code: 'serving/binary-tensors',
    message: 'binary tensors are not understood; send the data as JSON (binary_data=False in Triton clients)',
  });
}
