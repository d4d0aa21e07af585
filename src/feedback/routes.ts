import { formatTime } from '#kernel';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import { appendOutcomesRoute, listOutcomesRoute, type OutcomeBody } from './api.ts';
import type { FeedbackUpstream } from './feedback-slice.ts';
import { countLabels, readLateness } from './label-store-sql.ts';
import { type OutcomeFeed, outcomeFeeds, requireOutcome } from './outcome-section.ts';

/** Binds the routes of this slice. */
export function feedbackRoutes(platform: Platform, upstream: FeedbackUpstream): readonly BoundRoute[] {
  return [
    bindRoute(listOutcomesRoute, async ({ params }) => {
      const items = await platform.database.read(async (tx) => {
        const project = await upstream.projects.find(tx, params.project);
        const bodies: OutcomeBody[] = [];
        for (const feed of outcomeFeeds(project.document)) bodies.push(await presentFeed(tx, project.id, feed));
        return bodies;
      });
      return { body: { items } };
    }),
    bindRoute(appendOutcomesRoute, async ({ params, query, body, caller }) => {
      const project = await platform.database.read((tx) => upstream.projects.find(tx, params.project));
      const { dataset } = requireOutcome(project.document, params.feed);
      const named = query.batch === undefined ? {} : { batch: query.batch };
      const target = { projectId: project.id, dataset, actor: caller.principal, ...named };
      return { body: await upstream.data.appendRows(target, body.columns) };
    }),
  ];
}

async function presentFeed(tx: SqlTx, projectId: string, { name, endpoint, dataset }: OutcomeFeed): Promise<OutcomeBody> {
  const { labels, lastKnownMs } = await countLabels(tx, { projectId, outcome: name });
  const lateness = await readLateness(tx, { projectId, outcome: name });
  return {
    name,
    endpoint,
    dataset,
    labels,
    ...(lastKnownMs === undefined ? {} : { lastKnownAt: formatTime(lastKnownMs) }),
    lateness: lateness.map((point) => ({ ...point })),
  };
}
