import type { DataSlice } from '#data';
import type { Platform } from '#platform/slice';
import type { ProjectsSlice } from '#projects';
import type { ViewShelf } from './declared-view.ts';
import { createOnlineFeatures, type OnlineFeatures } from './online-features.ts';

/** How far behind the business clock a moment may lie and still find its whole history. */
const SLACK_MS = 2 * 86_400_000;
/** Definitions of one view that are fed at a time: the served one, and the one it is replaced by. */
const MOST_DEFINITIONS = 2;

/** Keeps the online features of views alive. */
export interface OnlineService {
  /** Gives the online features of a view, rebuilt from the store at first use and fed by every later batch. */
  open(projectId: string, view: string): Promise<OnlineFeatures>;
  /** Stops feeding. */
  stop(): void;
}

/** What the service works with. */
export interface OnlinePorts {
  readonly platform: Pick<Platform, 'database'>;
  readonly projects: Pick<ProjectsSlice, 'find' | 'businessNowMs'>;
  readonly data: Pick<DataSlice, 'onBatch' | 'replayBatches'>;
  readonly shelf: ViewShelf;
}

interface Live {
  readonly key: string;
  readonly viewDigest: string;
  readonly features: Promise<OnlineFeatures>;
  readonly stop: () => void;
}

/** Makes the service; nothing is in memory before the first view is opened. */
export function createOnlineService(ports: OnlinePorts): OnlineService {
  const { platform, projects, shelf } = ports;
  let live: readonly Live[] = [];
  return {
    open: async (projectId, name) => {
      const { view, nowMs } = await platform.database.read(async (tx) => {
        const project = await projects.find(tx, projectId);
        return { view: shelf.view(project, name), nowMs: await projects.businessNowMs(tx, project.id) };
      });
      const key = `${projectId}/${name}`;
      const known = live.find((one) => one.key === key && one.viewDigest === view.digest);
      if (known !== undefined) return await known.features;
      const features = createOnlineFeatures(view);
      const feed = startFeed(ports, projectId, { features, nowMs });
      const opened: Live = { key, viewDigest: view.digest, features: feed.ready.then(() => features), stop: feed.stop };
      const older = live.filter((one) => one.key === key).slice(MOST_DEFINITIONS - 1);
      for (const one of older) one.stop();
      live = [opened, ...live.filter((one) => !older.includes(one))];
      opened.features.catch(() => {
        feed.stop();
        live = live.filter((one) => one !== opened);
      });
      return await opened.features;
    },
    stop: () => {
      for (const one of live) one.stop();
      live = [];
    },
  };
}

/** Listens to batches first and replays then: ids that come twice are left out, so nothing is missed and nothing counts twice. */
function startFeed(
  ports: OnlinePorts,
  projectId: string,
  start: { readonly features: OnlineFeatures; readonly nowMs: number },
): { readonly ready: Promise<void>; readonly stop: () => void } {
  const { features } = start;
  const sinceKnownMs = start.nowMs - SLACK_MS - features.longestWindowMs;
  features.forgetBefore(start.nowMs - SLACK_MS);
  if (features.datasets.length === 0) return { ready: Promise.resolve(), stop: () => undefined };
  const stop = ports.data.onBatch({
    since: (batch) => (batch.projectId === projectId && features.datasets.includes(batch.dataset) ? sinceKnownMs : undefined),
    listener: async ({ dataset, frame }) => {
      features.ingest(dataset, frame);
      const nowMs = await ports.platform.database.read((tx) => ports.projects.businessNowMs(tx, projectId));
      features.forgetBefore(nowMs - SLACK_MS);
    },
  });
  const replay = async (): Promise<void> => {
    for (const dataset of features.datasets) {
      await ports.data.replayBatches({ projectId, dataset, sinceKnownMs }, (batch) => features.ingest(dataset, batch.frame));
    }
  };
  return { ready: replay(), stop };
}
