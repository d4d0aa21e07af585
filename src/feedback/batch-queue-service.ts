import { GyreError } from '#kernel';
import type { EventConsumer, OutboxEvent } from '#platform/events';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import { forgetBatch, listWaitingBatches, rememberBatch, type WaitingBatch } from './batch-queue-sql.ts';
import type { FeedbackUpstream } from './feedback-slice.ts';
import { writeLabels } from './label-store-sql.ts';
import { type OutcomeFeed, outcomeFeeds, requireOutcome } from './outcome-section.ts';
import { labelsOf } from './read-labels.ts';

/** Reads labels out of appended batches, once each, whoever crashed. */
export interface BatchQueue {
  readonly consumer: EventConsumer;
  /** Reads what waits, soon. */
  ask(): void;
  /** Resolves when every batch whose event was handled has been tried. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const RETRY_AFTER_MS = 5000;

/** Makes the queue; it starts to work when it is first asked. */
export function createBatchQueue(platform: Platform, upstream: FeedbackUpstream): BatchQueue {
  let running: Promise<void> | undefined;
  let isAsked = false;
  let isStopped = false;
  const work = async (): Promise<void> => {
    while (isAsked && !isStopped) {
      isAsked = false;
      await readAll(platform, upstream, () => isStopped);
    }
  };
  const ask = (): void => {
    isAsked = true;
    if (running !== undefined || isStopped) return;
    running = work()
      .catch((error: unknown) => {
        platform.log.write('error', 'labels of a batch could not be written; trying again', { error: String(error) });
        setTimeout(ask, RETRY_AFTER_MS).unref();
      })
      .finally(() => {
        running = undefined;
      });
  };
  return {
    consumer: batchConsumer(upstream, ask),
    ask,
    idle: async () => {
      while (running !== undefined) await running;
    },
    stop: async () => {
      isStopped = true;
      await running;
    },
  };
}

function batchConsumer(upstream: FeedbackUpstream, ask: () => void): EventConsumer {
  return {
    name: 'feedback.batches',
    topics: ['data.batch-appended'],
    handle: async (tx, event) => {
      for (const feed of await feedsOf(upstream, tx, event)) {
        const { projectId = '', position } = event;
        const batchId = event.data?.['batchId'];
        if (typeof batchId === 'string') await rememberBatch(tx, { batchId, projectId, outcome: feed.name, position });
      }
      tx.afterCommit(ask);
    },
  };
}

async function feedsOf(upstream: FeedbackUpstream, tx: SqlTx, event: OutboxEvent): Promise<readonly OutcomeFeed[]> {
  if (event.projectId === undefined) return [];
  const project = await upstream.projects.find(tx, event.projectId);
  return outcomeFeeds(project.document).filter((feed) => feed.dataset === event.data?.['dataset']);
}

/** Reads until nothing waits: a list holds only the first of many. */
async function readAll(platform: Platform, upstream: FeedbackUpstream, isStopped: () => boolean): Promise<void> {
  for (;;) {
    const waiting = await platform.database.read(listWaitingBatches);
    for (const batch of waiting) {
      if (isStopped()) return;
      await readBatch(platform, upstream, batch);
    }
    if (waiting.length === 0) return;
  }
}

async function readBatch(platform: Platform, upstream: FeedbackUpstream, batch: WaitingBatch): Promise<void> {
  const { projectId, outcome } = batch;
  try {
    const project = await platform.database.read((tx) => upstream.projects.find(tx, projectId));
    const feed = requireOutcome(project.document, outcome);
    const columns = upstream.data.dataset(project, feed.dataset);
    for await (const frame of upstream.data.readBatch(batch.batchId)) {
      const values = await upstream.labels.values({ projectId, view: requireView(feed), frame });
      const labels = labelsOf(frame, columns, values);
      await platform.database.transaction((tx) => writeLabels(tx, { projectId, outcome, labels }));
    }
  } catch (error) {
    if (!isHopeless(error)) throw error;
    // The project file has changed since: there is no way to read these labels any more, and others must not wait for it.
    platform.log.write('warn', 'a batch gives no labels', { ...batch, error: String(error) });
  }
  platform.failpoint('feedback/labels-written');
  await platform.database.transaction((tx) => forgetBatch(tx, batch));
  platform.failpoint('feedback/batch-forgotten');
}

function isHopeless(error: unknown): boolean {
  return error instanceof GyreError && ['invalid', 'not-found', 'unprocessable'].includes(error.kind);
}

function requireView(feed: OutcomeFeed): string {
  if (feed.view !== '') return feed.view;
  throw new GyreError({
    kind: 'unprocessable',
    code: 'feedback/no-label',
    message: `endpoint "${feed.endpoint}" of outcome feed "${feed.name}" has no feature view, which would hold the label`,
  });
}
