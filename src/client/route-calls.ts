import type { Static, TSchema } from 'typebox';
import type { RouteContract } from '#platform/http/api';

/** What the client knows of a route at run time. */
export interface RouteEntry {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Parameters are written `:name`. */
  readonly path: string;
  readonly body: 'json' | 'bytes' | 'none';
  readonly answer: 'json' | 'bytes' | 'events';
  /** `safe` and `natural` may be repeated; `key` may be repeated under its Idempotency-Key. */
  readonly idempotency: 'safe' | 'key' | 'natural';
  /** Names of the query members; everything else in the input is a path parameter, `body` or `bytes`. */
  readonly query: readonly string[];
}

/** Options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Longest wait for one attempt, milliseconds; default 120,000. */
  readonly timeoutMs?: number;
  /** For routes that take one; a fresh one is made when it is left out, so that a repeated attempt changes nothing twice. */
  readonly idempotencyKey?: string;
}

/** The types of a contract, taken apart. */
export type PartsOf<Contract> =
  Contract extends RouteContract<infer P, infer Q, infer B, infer A>
    ? { readonly params: Static<P>; readonly query: Static<Q>; readonly body: BodyOf<B>; readonly answer: Static<A> }
    : never;

type BodyOf<B extends TSchema> = Static<B> extends null ? unknown : { readonly body: Static<B> };

/** Input of a call: path parameters and query members side by side, the body as `body`, a file as `bytes`. */
export type InputOf<Contract> = PartsOf<Contract>['params'] &
  PartsOf<Contract>['query'] &
  PartsOf<Contract>['body'] &
  (Contract extends { readonly bodyKind: 'bytes' } ? { readonly bytes: Uint8Array } : unknown);

/** A list as it comes: awaited it is the first page, iterated it is every item of every page. */
export type ListCall<Answer> = Promise<Answer> &
  (Answer extends { readonly items: readonly (infer Item)[] } ? AsyncIterable<Item> : unknown);

/** A route as a function; the input may be left out when it has no required member. */
export type RouteCall<Contract> =
  Record<never, never> extends InputOf<Contract>
    ? (input?: InputOf<Contract> & WithBytes, options?: CallOptions) => ListCall<PartsOf<Contract>['answer']>
    : (input: InputOf<Contract> & WithBytes, options?: CallOptions) => ListCall<PartsOf<Contract>['answer']>;

/** The bytes of an upload, for routes that take them. */
export interface WithBytes {
  readonly bytes?: Uint8Array;
}

/** A route whose answer is a file: the response itself, to be read as a stream. */
export type BytesCall<Contract> = (input: InputOf<Contract> & WithBytes, options?: CallOptions) => Promise<Response>;
