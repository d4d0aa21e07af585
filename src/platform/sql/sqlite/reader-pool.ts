import type { SqlTx } from '#platform/sql';
import { withinTime } from './group-commit.ts';
import { openTx } from './open-tx.ts';
import type { WorkerSettings } from './protocol.ts';
import { startWorkerLink, type WorkerLink } from './worker-link.ts';

/** How long a read waits before it is worth another thread, which costs 8 MB and more time than most reads. */
const PATIENCE_MS = 50;

/** Begins when a reader is there: until then every read waits, and more threads would only make it later. */
async function patience(links: readonly WorkerLink[]): Promise<void> {
  await Promise.allSettled(links.map((link) => link.ready));
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
}

/** Runs reads, each on a snapshot of its own. */
export interface ReaderPool {
  read<T>(work: (tx: SqlTx) => Promise<T>): Promise<T>;
  /** Waits for open reads, then closes. */
  close(): Promise<void>;
}

/**
 * Makes a pool whose workers start when they are first needed.
 *
 * @param options - Which file, how many readers at most (from 1), and the limit of one read in milliseconds.
 * @returns The pool.
 */
export function createReaderPool(options: {
  readonly settings: WorkerSettings;
  readonly size: number;
  readonly timeoutMs: number;
}): ReaderPool {
  const free: WorkerLink[] = [];
  const waiting: ((link: WorkerLink) => void)[] = [];
  const links = new Set<WorkerLink>();
  const open = new Set<Promise<unknown>>();

  const take = (): Promise<WorkerLink> | WorkerLink => {
    const link = free.pop();
    if (link !== undefined) return link;
    if (links.size === 0) return startLink();
    return new Promise((resolve) => {
      waiting.push(resolve);
      if (links.size < options.size) void patience([...links]).then(startIfWaiting);
    });
  };
  const startLink = (): WorkerLink => {
    const link = startWorkerLink(options.settings);
    // A failure to open comes out of the first statement too.
    link.ready.catch(() => undefined);
    links.add(link);
    return link;
  };
  const startIfWaiting = (): void => {
    if (waiting.length > 0 && links.size < options.size) waiting.shift()?.(startLink());
  };
  const give = (link: WorkerLink): void => {
    if (link.isBroken()) links.delete(link);
    const usable = link.isBroken() ? undefined : link;
    const next = waiting.shift();
    if (next !== undefined) next(usable ?? startLink());
    else if (usable !== undefined) free.push(usable);
  };
  const readOn = async <T>(work: (tx: SqlTx) => Promise<T>): Promise<T> => {
    const link = await take();
    link.enter();
    const handle = openTx(link, 'reader');
    try {
      return await withinTime({ work, open: handle, timeoutMs: options.timeoutMs });
    } finally {
      handle.end();
      link.leave(false);
      give(link);
    }
  };
  return {
    read: (work) => {
      const reading = readOn(work);
      const settled = reading.then(
        () => undefined,
        () => undefined,
      );
      open.add(settled);
      void settled.then(() => open.delete(settled));
      return reading;
    },
    close: async () => {
      await Promise.all(open);
      await Promise.all([...links].map((link) => link.close()));
    },
  };
}
