import type { FeedbackSlice } from '#feedback';
import type { JsonObject } from '#kernel';
import type { Effect, EffectHandler } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Project, ProjectsSlice } from '#projects';
import type { RegistrySlice } from '#registry';
import type { ServingSlice } from '#serving';
import { applyAlerts } from './apply-alerts-sql.ts';
import { type Finding, lookForDrift, lookForPerformance, modelOfEndpoint, type WindowReader } from './look-at-window.ts';
import { findMonitor, type Monitor } from './monitor.ts';
import type { MonitorNumerics } from './monitor-protocol.ts';
import type { WindowSignal } from './monitor-window.ts';
import { findVersionByDigest, referenceOf } from './references-store.ts';
import { worstVerdict } from './signal-rules.ts';
import type { Look, WindowTask } from './watch-machine.ts';
import { findWindowRow, saveWindowRow, type WindowRecord } from './window-store-sql.ts';

/** What evaluating windows takes. */
export interface EvaluateDeps {
  readonly platform: Pick<Platform, 'database' | 'blobs' | 'clock' | 'ids' | 'events' | 'audit' | 'failpoint'>;
  readonly projects: Pick<ProjectsSlice, 'find' | 'businessNowMs'>;
  readonly registry: Pick<RegistrySlice, 'listVersions'>;
  readonly serving: Pick<ServingSlice, 'readPredictions'>;
  readonly feedback: Pick<FeedbackSlice, 'labelledPredictions' | 'settled'>;
  readonly numerics: MonitorNumerics;
}

/** Makes the effect that looks at one window once. After a crash it finds what was written and writes nothing twice. */
export function evaluateWindow(deps: EvaluateDeps): EffectHandler {
  return async (effect) => {
    // The watch machine alone writes this input.
    const task = effect.input as WindowTask;
    const { project, monitor, done } = await deps.platform.database.read(async (tx) => {
      const found = await deps.projects.find(tx, effect.projectId);
      return { project: found, monitor: findMonitor(found, task.monitor), done: await findDone(tx, found, task) };
    });
    if (done !== undefined) return summaryOf(done);
    if (monitor === undefined) return { skipped: `the project file no longer has the monitor "${task.monitor}"` };
    const finding = await look(deps, project, { monitor, task });
    if (finding === undefined) return { skipped: `the monitor "${task.monitor}" no longer watches ${task.look}` };
    deps.platform.failpoint('monitoring/window-judged');
    const window = await deps.platform.database.transaction(async (tx) => {
      await effect.guard(tx);
      return (await findDone(tx, project, task)) ?? keepFinding(deps, tx, { effect, monitor, task, finding });
    });
    deps.platform.failpoint('monitoring/window-kept');
    return summaryOf(window);
  };
}

async function look(
  deps: EvaluateDeps,
  project: Project,
  question: { readonly monitor: Monitor; readonly task: WindowTask },
): Promise<Finding | undefined> {
  const { monitor, task } = question;
  const lookDeps = { reader: readerOf(deps, project, monitor.endpoint), numerics: deps.numerics };
  if (task.look === 'drift') return lookForDrift(lookDeps, monitor, task);
  const { performance } = monitor;
  return performance === undefined ? undefined : lookForPerformance(lookDeps, { ...monitor, performance }, task);
}

function readerOf(deps: EvaluateDeps, project: Project, endpoint: string): WindowReader {
  const place = { projectId: project.id, endpoint };
  return {
    predictions: ({ fromMs, toMs }) => deps.serving.readPredictions({ ...place, fromMs, toMs }),
    labelled: async (query) => {
      await deps.feedback.settled();
      const { frame, coverage } = await deps.feedback.labelledPredictions({ ...place, ...query });
      const { expected, arrived, ratio, mature } = coverage;
      return { frame, coverage: { expected, arrived, ratio, mature } };
    },
    reference: async (digest) => {
      const model = modelOfEndpoint(project, endpoint);
      if (model === undefined) return undefined;
      const version = await deps.platform.database.read((tx) =>
        findVersionByDigest(deps.registry, tx, { projectId: project.id, model, digest }),
      );
      return version === undefined ? undefined : referenceOf(deps, version);
    },
  };
}

async function findDone(tx: SqlTx, project: Project, task: WindowTask): Promise<WindowRecord | undefined> {
  const { monitor, fromMs, toMs } = task;
  const row = await findWindowRow(tx, { projectId: project.id, monitor, fromMs, toMs });
  if (row === undefined) return undefined;
  return (task.look === 'drift' ? row.driftLooks : row.performanceLooks) > 0 ? row : undefined;
}

async function keepFinding(
  deps: EvaluateDeps,
  tx: SqlTx,
  found: { readonly effect: Effect; readonly monitor: Monitor; readonly task: WindowTask; readonly finding: Finding },
): Promise<WindowRecord> {
  const { effect, monitor, task, finding } = found;
  const { projectId } = effect;
  const { fromMs, toMs } = task;
  const before = await findWindowRow(tx, { projectId, monitor: monitor.name, fromMs, toMs });
  const kept = (before?.signals ?? []).filter((signal) => lookOf(signal) !== task.look);
  const signals = task.look === 'drift' ? [...finding.signals, ...kept] : [...kept, ...finding.signals];
  const none = { expected: finding.predictions, arrived: 0, ratio: 0, mature: false };
  const window: WindowRecord = {
    id: before?.id ?? deps.platform.ids.next(),
    projectId,
    monitor: monitor.name,
    endpoint: monitor.endpoint,
    fromMs,
    toMs,
    evaluatedAtMs: await deps.projects.businessNowMs(tx, projectId),
    predictions: finding.predictions,
    coverage: finding.coverage ?? before?.coverage ?? none,
    signals,
    verdict: worstVerdict(signals.map((signal) => signal.verdict)),
    driftLooks: (before?.driftLooks ?? 0) + (task.look === 'drift' ? 1 : 0),
    performanceLooks: (before?.performanceLooks ?? 0) + (task.look === 'performance' ? 1 : 0),
    version: (before?.version ?? 0) + 1,
  };
  await saveWindowRow(tx, window);
  await applyAlerts(deps.platform, tx, { look: task.look, window, ...finding });
  await tellEvaluated(deps, tx, { window, task });
  return window;
}

async function tellEvaluated(
  deps: EvaluateDeps,
  tx: SqlTx,
  news: { readonly window: WindowRecord; readonly task: WindowTask },
): Promise<void> {
  const { window, task } = news;
  await deps.platform.events.append(tx, {
    topic: 'monitoring.window-evaluated',
    projectId: window.projectId,
    entity: 'monitor-window',
    entityId: window.id,
    entityVersion: window.version,
    data: { endpoint: window.endpoint, ...task, verdict: window.verdict, predictions: window.predictions },
  });
}

function lookOf(signal: WindowSignal): Look {
  return signal.kind === 'performance' ? 'performance' : 'drift';
}

function summaryOf(window: WindowRecord): JsonObject {
  return { windowId: window.id, verdict: window.verdict, predictions: window.predictions };
}
