import type { Platform } from '#platform/slice';
import { createBatchQueue } from './batch-queue-service.ts';
import type { FeedbackSlice, FeedbackUpstream, LabelledPredictions, LabelledQuery } from './feedback-slice.ts';
import { answeredEntities, coverageOf, joinLabels, predictedEntities } from './join-labels.ts';
import { readLabels, readLateness, writeLabels } from './label-store-sql.ts';
import { feedbackMigrations } from './migrations.ts';
import { checkOutcomes, OutcomesSection } from './outcome-section.ts';
import { feedbackRoutes } from './routes.ts';

/**
 * Makes the slice.
 *
 * @param platform - The ports.
 * @param upstream - What the rooms above it give.
 * @returns The slice and what others call.
 */
export function createFeedbackSlice(platform: Platform, upstream: FeedbackUpstream): FeedbackSlice {
  const queue = createBatchQueue(platform, upstream);
  const settled = async (): Promise<void> => {
    await platform.events.settled();
    await queue.idle();
  };
  return {
    name: 'feedback',
    migrations: feedbackMigrations,
    projectSection: { key: 'outcomes', schema: OutcomesSection, check: checkOutcomes },
    routes: feedbackRoutes(platform, upstream),
    consumers: [queue.consumer],
    start: () => {
      queue.ask();
      return Promise.resolve();
    },
    stop: () => queue.stop(),
    recordOutcomes: writeLabels,
    labelsFor: readLabels,
    labelledPredictions: async (query) => {
      await settled();
      return joinPredictions(platform, upstream, query);
    },
    latenessOf: readLateness,
    settled,
  };
}

async function joinPredictions(
  platform: Platform,
  upstream: FeedbackUpstream,
  query: LabelledQuery,
): Promise<LabelledPredictions> {
  const { projectId, outcome, fromMs, toMs, knownBeforeMs, maturityMs } = query;
  const predictions = await upstream.serving.readPredictions(query);
  const ids = predictedEntities(predictions);
  const { labels, inWindow } = await platform.database.read(async (tx) => ({
    labels: await readLabels(tx, { projectId, outcome, ids, knownBeforeMs }),
    inWindow: await readLabels(tx, { projectId, outcome, fromMs, toMs, knownBeforeMs }),
  }));
  const coverage = coverageOf({
    expected: answeredEntities(predictions),
    labels,
    labelledInWindow: inWindow.map((label) => label.entityId),
    isMature: knownBeforeMs >= toMs + maturityMs,
  });
  return { frame: joinLabels(predictions, labels), coverage };
}
