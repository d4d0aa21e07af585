import { GyreError } from '#kernel';
import type { Failpoints } from '#platform/failpoint';
import type { SqlTx } from '#platform/sql';
import { type OpenTx, openTx } from './open-tx.ts';
import type { WorkerLink } from './worker-link.ts';

/** One commit is shared by at most so many transactions, begun within so many milliseconds. */
const GROUP_SIZE = 256;
const GROUP_MS = 5;

/** Runs transactions one after another on one connection, many to a commit. */
export interface GroupCommit {
  transaction<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>;
}

interface Job {
  /** Does the work; resolves to what must happen after the commit, or to undefined when the work failed and was undone. */
  run(): Promise<Done | undefined>;
  fail(error: unknown): void;
}

interface Done {
  committed(): void;
  failed(error: unknown): void;
}

/**
 * Makes the queue of a writer.
 *
 * @param options - The connection, the limit of one transaction in milliseconds, and the failpoints around the commit.
 * @returns The queue.
 */
export function createGroupCommit(options: {
  readonly link: WorkerLink;
  readonly timeoutMs: number;
  readonly failpoints: Failpoints;
}): GroupCommit {
  const { link, failpoints } = options;
  const queue: Job[] = [];
  let running: Promise<void> | undefined;

  const runGroup = async (): Promise<void> => {
    const done: Done[] = [];
    const beganAtMs = performance.now();
    while (done.length < GROUP_SIZE && performance.now() - beganAtMs < GROUP_MS && !link.isTransactionLost()) {
      const job = queue.shift();
      if (job === undefined) break;
      const outcome = await job.run();
      if (outcome !== undefined) done.push(outcome);
    }
    await commitGroup({ link, failpoints, done });
  };
  const runAll = async (): Promise<void> => {
    while (queue.length > 0 && !link.isBroken()) await runGroup();
    for (const job of queue.splice(0)) job.fail(storeFailed());
    running = undefined;
  };
  return {
    transaction: (work) =>
      new Promise((resolve, reject) => {
        queue.push(jobOf({ ...options, work, resolve, reject }));
        running ??= runAll();
      }),
    idle: async () => {
      while (running !== undefined) await running;
    },
  };
}

async function commitGroup(group: {
  readonly link: WorkerLink;
  readonly failpoints: Failpoints;
  readonly done: readonly Done[];
}): Promise<void> {
  await group.failpoints.hit('sql/before-commit');
  try {
    await group.link.commit();
  } catch (error) {
    for (const each of group.done) each.failed(error);
    return;
  }
  await group.failpoints.hit('sql/after-commit');
  for (const each of group.done) each.committed();
}

function jobOf<T>(job: {
  readonly link: WorkerLink;
  readonly timeoutMs: number;
  readonly work: (tx: SqlTx) => Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}): Job {
  const { link, resolve, reject } = job;
  return {
    fail: reject,
    run: async () => {
      link.enter();
      const open = openTx(link, 'writer');
      try {
        const value = await withinTime({ ...job, open });
        open.end();
        link.leave(true);
        return {
          committed: () => {
            open.committed();
            resolve(value);
          },
          failed: reject,
        };
      } catch (error) {
        open.end();
        link.leave(false);
        reject(error);
        return undefined;
      }
    },
  };
}

/**
 * Runs a work with a limit on its time.
 *
 * @param job - The work, its handle, and the limit in milliseconds.
 * @returns What the work gives.
 * @throws {@link GyreError} `sql/transaction-timeout`; the work itself is not stopped, but its handle refuses what it does later.
 */
export async function withinTime<T>(job: {
  readonly work: (tx: SqlTx) => Promise<T>;
  readonly open: OpenTx;
  readonly timeoutMs: number;
}): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(job.timeoutMs)), job.timeoutMs);
  });
  try {
    return await Promise.race([job.work(job.open.tx), late]);
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(timeoutMs: number): GyreError {
  return new GyreError({
    kind: 'internal',
    code: 'sql/transaction-timeout',
    message: `the transaction took longer than ${String(timeoutMs)} ms and was rolled back; its work must await nothing but tx (a transaction begun inside another waits for it for ever)`,
  });
}

function storeFailed(): GyreError {
  return new GyreError({
    kind: 'unavailable',
    code: 'sql/store-failed',
    message: 'the store refuses further work, because writing to it failed before',
    help: 'check the disk, then restart the server',
  });
}
