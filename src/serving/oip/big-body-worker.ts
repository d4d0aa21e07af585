/** Reads big request bodies into columns in a thread of its own, because parsing them would hold the event loop up. */
import { parentPort } from 'node:worker_threads';
import { type ErrorKind, isGyreError } from '#kernel';
import { makeRequestReader, type RequestSignature } from '../input-columns.ts';
import { type ReadRequest, readRequest } from './read-call.ts';

/** A body to read. */
export interface BigBodyQuestion {
  readonly id: number;
  readonly signature: RequestSignature;
  /** UTF-8 JSON. */
  readonly bytes: Uint8Array;
}

/** What came of it. */
export type BigBodyAnswer =
  | { readonly id: number; readonly request: ReadRequest }
  | { readonly id: number; readonly refusal: { readonly kind: ErrorKind; readonly code: string; readonly message: string } };

const decoder = new TextDecoder();

function answer({ id, signature, bytes }: BigBodyQuestion): BigBodyAnswer {
  try {
    return { id, request: readRequest(decoder.decode(bytes), makeRequestReader(signature, 0)) };
  } catch (error) {
    if (!isGyreError(error)) throw error;
    return { id, refusal: { kind: error.kind, code: error.code, message: error.message } };
  }
}

parentPort?.on('message', (question: BigBodyQuestion) => {
  const answered = answer(question);
  const columns = 'request' in answered ? answered.request.columns : [];
  parentPort?.postMessage(
    answered,
    columns.map((column) => column.values.buffer as ArrayBuffer),
  );
});
