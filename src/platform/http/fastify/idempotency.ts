import { AsyncLocalStorage } from 'node:async_hooks';
import { DAY_MS, GyreError, MINUTE_MS } from '#kernel';
import type { Clock } from '#platform/clock';
import { digestOfJson } from '#platform/digest';
import type { SqlDatabase, SqlTx } from '#platform/sql';

/** A key whose request is being answered now: where its row is, and whether the change has committed. */
interface OpenKey {
  readonly scope: string;
  readonly key: string;
  isCommitted: boolean;
  /** The request was answered with a failure before it changed anything: it must not change anything later. */
  isGivenUp: boolean;
}

interface KeyRow {
  scope: string;
  idempotency_key: string;
  request_digest: string;
  holder: string;
  state: string;
  status: number | null;
  headers: string | null;
  body: string | null;
  created_at_ms: number;
}

interface Tables {
  http_idempotency_keys: KeyRow;
}

/** How long another server's running key is taken for alive; no request may take longer. */
const LEASE_MS = 10 * MINUTE_MS;

const openKeys = new AsyncLocalStorage<OpenKey | undefined>();

/** What is kept of an answer, and what a replay gives back. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; empty for an answer without body. */
  readonly text: string;
}

/** One keyed call. */
export interface KeyedCall {
  /** The value of the Idempotency-Key header. */
  readonly key: string;
  readonly principal: string;
  readonly routeId: string;
  /** Everything that makes the request what it is: params, query, body. */
  readonly request: unknown;
  /** Does the change and gives its answer; called at most once. */
  answer(): Promise<KeptAnswer>;
  /** Writes the answer of a failure, for one that came after the change had committed. */
  failure(error: unknown): KeptAnswer;
}

/** Runs keyed calls at most once each. */
export interface IdempotencyKeys {
  run(call: KeyedCall): Promise<KeptAnswer & { readonly isReplay: boolean }>;
}

/**
 * Makes a store's transactions mark the key of the request they serve, in the same commit.
 *
 * This is what makes keys safe at a crash: a key is `running` until the first transaction of its request commits, and that commit
 * itself turns it to `committed`. After a crash a `running` key has changed nothing and may run again; a `committed` one whose
 * answer was lost is refused with `http/idempotency-answer-lost`, never done twice.
 *
 * @param database - The store of the server.
 * @returns The same store; hand this one to every slice.
 */
export function markIdempotencyKeys(database: SqlDatabase): SqlDatabase {
  return {
    dialect: database.dialect,
    read: async (work) => await outside(() => database.read(work)),
    close: async () => {
      await database.close();
    },
    transaction: async (work) => {
      const open = openKeys.getStore();
      if (open === undefined || open.isCommitted) return await outside(() => database.transaction(work));
      const marking = async (tx: SqlTx) => {
        const value = await work(tx);
        await markCommitted(tx, open);
        return value;
      };
      const result = await outside(() => database.transaction(marking));
      open.isCommitted = true;
      return result;
    },
  };
}

/** What a store keeps running after a call (its queue, what follows a commit) is no part of the request that happened to start it. */
function outside<T>(work: () => Promise<T>): Promise<T> {
  return openKeys.run(undefined, work);
}

/** Where keys are kept, by whom, and what a crash test may stop. */
export interface KeyKeeping {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  /** Unique to this start of the server. */
  readonly holder: string;
  /** Marks joints. @defaultValue none */
  readonly failpoint?: (name: string) => void;
}

/** Makes the keeper of keys. */
export function createIdempotencyKeys(options: KeyKeeping): IdempotencyKeys {
  const { database } = options;
  const failpoint = options.failpoint ?? (() => undefined);
  const isShared = database.dialect === 'postgres';
  const inFlight = new Set<string>();
  return {
    run: async (call) => {
      const scope = `${call.principal} ${call.routeId}`;
      const flight = `${scope} ${call.key}`;
      if (inFlight.has(flight)) throw keyInFlight(call.key);
      inFlight.add(flight);
      try {
        const kept = await database.transaction(async (tx) => await claim(tx, { ...options, call, scope, isShared }));
        failpoint('http/key-claimed');
        return kept === undefined
          ? { ...(await answerOnce({ database, failpoint }, call, scope)), isReplay: false }
          : { ...kept, isReplay: true };
      } finally {
        inFlight.delete(flight);
      }
    },
  };
}

interface Claim {
  readonly clock: Clock;
  readonly holder: string;
  readonly call: KeyedCall;
  readonly scope: string;
  /** Whether other live servers may use the same store. */
  readonly isShared: boolean;
}

/** Takes the key, or gives the answer that was kept for it. */
async function claim(tx: SqlTx, { clock, holder, call, scope, isShared }: Claim): Promise<KeptAnswer | undefined> {
  const db = tx.tables<Tables>();
  const nowMs = clock.nowMs();
  await db
    .deleteFrom('http_idempotency_keys')
    .where('created_at_ms', '<', nowMs - DAY_MS)
    .execute();
  const digest = digestOfJson(call.request);
  const row = await db
    .selectFrom('http_idempotency_keys')
    .selectAll()
    .where('scope', '=', scope)
    .where('idempotency_key', '=', call.key)
    .executeTakeFirst();
  if (row === undefined) {
    const values = { scope, idempotency_key: call.key, request_digest: digest, holder, state: 'running', created_at_ms: nowMs };
    await db
      .insertInto('http_idempotency_keys')
      .values({ ...values, status: null, headers: null, body: null })
      .execute();
    return undefined;
  }
  if (row.request_digest !== digest) throw keyMismatch(call.key);
  if (row.state === 'done') return keptAnswer(row);
  if (row.state === 'committed') throw answerLost(call.key);
  // This process knows what it has in flight, so another one left the key. In an embedded store that one is dead: the lock says so.
  if (isShared && nowMs - row.created_at_ms < LEASE_MS) throw keyInFlight(call.key);
  await db
    .updateTable('http_idempotency_keys')
    .set({ holder, created_at_ms: nowMs })
    .where('scope', '=', scope)
    .where('idempotency_key', '=', call.key)
    .execute();
  return undefined;
}

async function answerOnce(
  { database, failpoint }: Required<Pick<KeyKeeping, 'database' | 'failpoint'>>,
  call: KeyedCall,
  scope: string,
): Promise<KeptAnswer> {
  const open: OpenKey = { scope, key: call.key, isCommitted: false, isGivenUp: false };
  try {
    const answer = await openKeys.run(open, async () => await call.answer());
    failpoint('http/change-made');
    await keep(database, open, answer);
    failpoint('http/answer-kept');
    return answer;
  } catch (error) {
    // A request that failed before it changed anything may be sent again under its key.
    if (open.isCommitted) await keep(database, open, call.failure(error));
    else {
      open.isGivenUp = true;
      await database.transaction(async (tx) => await forget(tx, open));
    }
    throw error;
  }
}

async function keep(database: SqlDatabase, open: OpenKey, answer: KeptAnswer): Promise<void> {
  const { status, text, headers } = answer;
  await database.transaction(async (tx) => {
    await tx
      .tables<Tables>()
      .updateTable('http_idempotency_keys')
      .set({ state: 'done', status, headers: JSON.stringify(headers), body: text })
      .where('scope', '=', open.scope)
      .where('idempotency_key', '=', open.key)
      .execute();
  });
}

/** Rolls a change back whose request was given up meanwhile: its caller was told so, and may have sent it again. */
async function markCommitted(tx: SqlTx, open: OpenKey): Promise<void> {
  const marked = await tx
    .tables<Tables>()
    .updateTable('http_idempotency_keys')
    .set({ state: 'committed' })
    .where('scope', '=', open.scope)
    .where('idempotency_key', '=', open.key)
    .executeTakeFirstOrThrow();
  if (open.isGivenUp || marked.numUpdatedRows === 0n) throw givenUp(open.key);
}

/** A change that committed while its request was being given up keeps its key. */
async function forget(tx: SqlTx, open: OpenKey): Promise<void> {
  await tx
    .tables<Tables>()
    .deleteFrom('http_idempotency_keys')
    .where('scope', '=', open.scope)
    .where('idempotency_key', '=', open.key)
    .where('state', '=', 'running')
    .execute();
}

function keptAnswer(row: KeyRow): KeptAnswer {
  const headers: unknown = JSON.parse(row.headers ?? '{}');
  // `keep` wrote the column as a record of strings.
  return { status: row.status ?? 200, headers: headers as Record<string, string>, text: row.body ?? '' };
}

function keyMismatch(key: string): GyreError {
  return new GyreError({
    kind: 'unprocessable',
    code: 'http/idempotency-mismatch',
    message: `Idempotency-Key "${key}" was used in the last 24 hours with another request; use a new key`,
  });
}

function keyInFlight(key: string): GyreError {
  return new GyreError({
    kind: 'conflict',
    code: 'http/idempotency-in-flight',
    message: `the request with Idempotency-Key "${key}" is still being answered; wait, then send it again`,
    data: { retryable: true },
  });
}

function givenUp(key: string): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'http/timed-out',
    message: `the request with Idempotency-Key "${key}" was given up before its change was made; send it again`,
  });
}

function answerLost(key: string): GyreError {
  return new GyreError({
    kind: 'conflict',
    code: 'http/idempotency-answer-lost',
    message: `the change of Idempotency-Key "${key}" was made, but the server stopped before it kept the answer; read the resource to see it`,
  });
}
