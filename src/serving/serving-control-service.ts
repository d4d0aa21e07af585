import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '#kernel';
import type { EventConsumer } from '#platform/events';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import { sectionOf } from '#projects';
import type { DataPlane } from './data-plane-service.ts';
import type { DesiredEndpoint } from './endpoint.ts';
import { type EndpointsDocument, endpointSpec } from './endpoint-section.ts';
import { listDesired } from './endpoint-store-sql.ts';
import { readObservedRevision, writeReport } from './report-store-sql.ts';
import { isNews, type SeenReport } from './rollout-state.ts';
import { listOpenRollouts, type OpenRollout } from './rollout-store-sql.ts';
import type { EndpointReport, ServingReport } from './serving-report.ts';
import type { ServingProjects } from './serving-slice.ts';
import type { EndpointSnapshot } from './serving-snapshot.ts';

/** The control plane's side of serving: sends snapshots, keeps reports, tells rollouts. */
export interface ServingControl {
  /** Business time of a project as last heard, without a question to the store. */
  businessNowMs(projectId: string): number;
  /** Sends the data plane what should be served now, soon. */
  refresh(): void;
  /** Writes a report now. */
  reportNow(): Promise<void>;
  readonly consumer: EventConsumer;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const REPORT_EVERY_MS = 1000;
/** How long the start of the server waits for its endpoints; what takes longer is served when it is ready. */
const START_LIMIT_MS = 3000;
/** When what could not be served is tried again. */
const TRY_AGAIN_AFTER_MS = 10_000;

/** Makes the control side for a data plane. */
export function createServingControl(platform: Platform, projects: ServingProjects, plane: DataPlane): ServingControl {
  const clocks = new Map<string, number>();
  let snapshotVersion = 0;
  let reportedTraffic = '';
  let timer: ReturnType<typeof setInterval> | undefined;

  const report = async (isForced: boolean): Promise<void> => {
    const current = plane.report();
    const traffic = trafficOf(current);
    if (!isForced && traffic === reportedTraffic) return;
    await platform.database.transaction((tx) => keepReport(platform, tx, current));
    platform.failpoint('serving/report-kept');
    reportedTraffic = traffic;
  };

  const sendSnapshot = async (): Promise<void> => {
    // What the revision before has answered is told before its counters go.
    await report(false);
    const endpoints = await platform.database.read((tx) => readEndpoints(projects, tx, clocks));
    snapshotVersion += 1;
    await plane.apply({ version: snapshotVersion, endpoints });
    platform.failpoint('serving/snapshot-applied');
    await report(true);
    const isWhole = plane.report().endpoints.every((endpoint) => endpoint.failure === undefined);
    if (!isWhole) setTimeout(snapshots.ask, TRY_AGAIN_AFTER_MS).unref();
  };

  const snapshots = repeatWhenAsked(sendSnapshot, (error) => {
    platform.log.write('error', 'serving could not be brought up to date; trying again', { error: String(error) });
  });

  return {
    businessNowMs: (projectId) => clocks.get(projectId) ?? platform.clock.nowMs(),
    refresh: snapshots.ask,
    reportNow: () => report(false),
    consumer: projectConsumer(clocks, snapshots.ask),
    start: async () => {
      snapshots.ask();
      await Promise.race([snapshots.idle(), delay(START_LIMIT_MS, undefined, { ref: false })]);
      timer = everySecond(platform, () => report(false));
    },
    stop: async () => {
      clearInterval(timer);
      await snapshots.stop();
      await plane.drain();
      await report(false);
    },
  };
}

function everySecond(platform: Platform, report: () => Promise<void>): ReturnType<typeof setInterval> {
  const timer = setInterval(() => {
    report().catch((error: unknown) => platform.log.write('warn', 'a serving report was not written', { error: String(error) }));
  }, REPORT_EVERY_MS);
  return timer.unref();
}

/** Does one thing at a time: asked while it is under way it does it once more, after a failure again a little later. */
function repeatWhenAsked(run: () => Promise<void>, onError: (error: unknown) => void) {
  let running: Promise<void> | undefined;
  let isAsked = false;
  let isStopped = false;
  const runOnce = async (): Promise<void> => {
    while (isAsked && !isStopped) {
      isAsked = false;
      await run();
    }
  };
  const ask = (): void => {
    isAsked = true;
    if (running !== undefined || isStopped) return;
    running = runOnce()
      .catch((error: unknown) => {
        isAsked = true;
        onError(error);
      })
      .finally(() => {
        running = undefined;
        if (isAsked) setTimeout(ask, REPORT_EVERY_MS).unref();
      });
  };
  return {
    ask,
    idle: async (): Promise<void> => {
      await running;
    },
    stop: async (): Promise<void> => {
      isStopped = true;
      await running;
    },
  };
}

function projectConsumer(clocks: Map<string, number>, refresh: () => void): EventConsumer {
  return {
    name: 'serving.projects',
    topics: ['projects.applied', 'projects.clock-advanced'],
    handle: (tx, event) => {
      const nowMs = event.data?.['nowMs'];
      const { projectId } = event;
      tx.afterCommit(() => {
        if (event.topic === 'projects.applied') refresh();
        else if (projectId !== undefined && typeof nowMs === 'number') clocks.set(projectId, nowMs);
      });
      return Promise.resolve();
    },
  };
}

/** Changes whenever somebody was answered. */
function trafficOf(report: ServingReport): string {
  const counts = report.endpoints.flatMap((endpoint) => endpoint.deployments.map(({ requests, rows }) => [requests, rows]));
  return JSON.stringify([report.snapshotVersion, report.lostPredictions, counts]);
}

async function readEndpoints(
  projects: ServingProjects,
  tx: SqlTx,
  clocks: Map<string, number>,
): Promise<readonly EndpointSnapshot[]> {
  const endpoints: EndpointSnapshot[] = [];
  for (const desired of await listDesired(tx)) {
    const project = await projects.find(tx, desired.projectId);
    if (project.clock === 'replay') clocks.set(project.id, await projects.businessNowMs(tx, project.id));
    endpoints.push(snapshotOf(desired, sectionOf<EndpointsDocument>(project, 'endpoints')));
  }
  return endpoints;
}

/** An endpoint that the project file dropped is still served as it was deployed, without what only the file says. */
function snapshotOf(desired: DesiredEndpoint, section: EndpointsDocument | undefined): EndpointSnapshot {
  const spec = section?.[desired.endpoint] === undefined ? undefined : endpointSpec(section, desired.endpoint);
  return {
    endpoint: desired.endpoint,
    projectId: desired.projectId,
    revision: desired.revision,
    view: spec?.view,
    trafficKey: spec?.trafficKey,
    log: spec?.log ?? true,
    deployments: desired.deployments,
  };
}

async function keepReport(platform: Platform, tx: SqlTx, report: ServingReport): Promise<void> {
  await writeReport(tx, report, platform.clock.nowMs());
  for (const rollout of await listOpenRollouts(tx)) {
    const endpoint = report.endpoints.find((candidate) => candidate.endpoint === rollout.state.endpoint);
    if (endpoint !== undefined) await tellRollout(platform, tx, rollout, endpoint);
  }
}

async function tellRollout(platform: Platform, tx: SqlTx, rollout: OpenRollout, report: EndpointReport): Promise<void> {
  const { state } = rollout;
  const observed = await readObservedRevision(tx, state.endpoint, report.revision);
  const requests = observed.deployments.find((deployment) => deployment.name === state.challenger.name)?.requests ?? 0;
  const seen = seenOf(report);
  if (!isNews(state, seen, requests)) return;
  const data: JsonObject = { ...seen, requests };
  await platform.machines.signal(tx, rollout.id, { name: 'report', data });
}

function seenOf(report: EndpointReport): SeenReport {
  const digests = report.deployments.flatMap(({ name, servedDigest }) =>
    servedDigest === undefined ? [] : [[name, servedDigest]],
  );
  return {
    revision: report.revision,
    digests: Object.fromEntries(digests) as SeenReport['digests'],
    failure: report.failure ?? null,
  };
}
