import type { EvaluationSlice } from '#evaluation';
import { DAY_MS, type Estimate, formatTime, toWireNumber } from '#kernel';
import type { MonitoringSlice } from '#monitoring';
import type { SqlTx } from '#platform/sql';
import { objectiveOf, type Project, type ProjectsSlice, sectionOf } from '#projects';
import type { ApprovalDesk, RegistrySlice } from '#registry';
import type { ServingSlice } from '#serving';
import type { HomeBody, HomeRowBody } from './api.ts';
import { listTurnRows, type TurnSummary } from './turn-store-sql.ts';
import { presentSummary } from './turn-view.ts';

/** What the home screen reads. */
export interface HomeUpstream {
  readonly projects: ProjectsSlice;
  readonly registry: RegistrySlice;
  readonly evaluation: EvaluationSlice;
  readonly serving: ServingSlice;
  readonly monitoring: MonitoringSlice;
  readonly approvals: ApprovalDesk;
}

/** Reads the home screen. */
export type HomeView = (tx: SqlTx) => Promise<HomeBody>;

const CHANGES = 20;

/** Makes the reader of the home screen: one row per endpoint of every project, from stored facts. */
export function createHomeView(upstream: HomeUpstream): HomeView {
  return async (tx) => {
    const rows: HomeRowBody[] = [];
    const needsYou: HomeBody['needsYou'][number][] = [];
    const changed: HomeBody['changed'][number][] = [];
    for (const project of await upstream.projects.list(tx)) {
      for (const endpoint of Object.keys(sectionOf<Record<string, unknown>>(project, 'endpoints') ?? {})) {
        rows.push(await homeRow(upstream, tx, { project, endpoint }));
      }
      const turns = await listTurnRows(tx, { projectId: project.id, limit: CHANGES });
      needsYou.push(...(await needsOf(upstream, tx, { project, turns })));
      changed.push(...turns.map((turn) => turnChange(project, turn)), ...(await alertChanges(upstream, tx, project)));
    }
    changed.sort((a, b) => b.at.localeCompare(a.at));
    return { rows, needsYou, changed: changed.slice(0, CHANGES) };
  };
}

interface Place {
  readonly project: Project;
  readonly endpoint: string;
}

async function homeRow(upstream: HomeUpstream, tx: SqlTx, place: Place): Promise<HomeRowBody> {
  const { project, endpoint } = place;
  const health = await upstream.monitoring.health(tx, { projectId: project.id, endpoint });
  const observed = await upstream.serving.observed(tx, endpoint);
  const desired = await upstream.serving.desired(tx, endpoint);
  const main = desired?.deployments.toSorted((a, b) => b.weight - a.weight)[0];
  const seen = observed.deployments.find((deployment) => deployment.name === main?.name);
  const turn = (await listTurnRows(tx, { projectId: project.id, endpoint, limit: 1 }))[0];
  const p99Ms = seen?.latency.p99Ms ?? Number.NaN;
  return {
    project: project.name,
    endpoint,
    model: main?.model ?? modelOf(project, endpoint),
    ...(main === undefined ? {} : { version: main.version }),
    ...(seen?.servedDigest === undefined ? {} : { servedDigest: seen.servedDigest }),
    health: main === undefined ? 'undecided' : health.health,
    reason: main === undefined ? 'nothing is served here yet' : health.reason,
    ...(await objectivePart(upstream, tx, { ...place, performance: health.performance })),
    history: health.history.map((point) => ({ at: formatTime(point.toMs), ...valueWithEnds(point.value) })),
    requests: observed.deployments.reduce((sum, deployment) => sum + deployment.requests, 0),
    ...(Number.isFinite(p99Ms) ? { latencyP99Ms: p99Ms } : {}),
    changed: turn === undefined ? 'no turn yet' : turnSentence(turn),
    ...(turn === undefined ? {} : { changedAt: formatTime(businessTimeOf(turn)), lastTurn: presentSummary(turn) }),
  };
}

/** The objective of the loop's gate, with the newest value that can be believed: realized, else as evaluated. */
async function objectivePart(
  upstream: HomeUpstream,
  tx: SqlTx,
  place: Place & {
    readonly performance:
      | { readonly metric: string; readonly value: Estimate; readonly fromMs: number; readonly toMs: number }
      | undefined;
  },
): Promise<Pick<HomeRowBody, 'objective'>> {
  const { project, endpoint } = place;
  const loops = Object.values(sectionOf<Record<string, { endpoint: string; gate: string }>>(project, 'loops') ?? {});
  const gate = loops.find((loop) => loop.endpoint === endpoint)?.gate;
  const gates = sectionOf<Record<string, { objective: string }>>(project, 'gates') ?? {};
  const name = gate === undefined ? undefined : gates[gate]?.objective;
  if (name === undefined) return {};
  const { metric, direction, target } = objectiveOf(project, name);
  const known =
    place.performance?.metric === metric ? { value: place.performance.value, source: windowWords(place.performance) } : undefined;
  const { value, source } = known ?? (await evaluatedValue(upstream, tx, { ...place, metric }));
  return {
    objective: { name, metric, direction, target, source, ...(value === undefined ? {} : { value: wireEstimate(value) }) },
  };
}

function windowWords({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): string {
  return `${String(Math.round((toMs - fromMs) / DAY_MS))} days to ${formatTime(toMs).slice(0, 10)}`;
}

async function evaluatedValue(
  upstream: HomeUpstream,
  tx: SqlTx,
  place: Place & { readonly metric: string },
): Promise<{ readonly value?: Estimate; readonly source: string }> {
  const model = modelOf(place.project, place.endpoint);
  const champion = await upstream.registry.versionByAlias(tx, { projectId: place.project.id, model, alias: 'champion' });
  if (champion?.evaluationId === undefined) return { source: 'nothing measured yet' };
  const { report } = await upstream.evaluation.findEvaluation(tx, champion.evaluationId);
  const value = Object.entries(report.metrics).find(([metric]) => metric === place.metric)?.[1];
  const source = `evaluation of version ${String(champion.number)}`;
  return value === undefined ? { source } : { value, source };
}

async function needsOf(
  upstream: HomeUpstream,
  tx: SqlTx,
  place: { readonly project: Project; readonly turns: readonly TurnSummary[] },
): Promise<HomeBody['needsYou']> {
  const { project, turns } = place;
  const waiting = turns
    .filter((turn) => turn.outcome === 'open' && turn.stage === 'approval')
    .map((turn) => ({
      kind: 'approval',
      text: `turn ${String(turn.number)} of ${turn.loop} waits for approval`,
      project: project.name,
      path: turnPath(project, turn),
      since: formatTime(turn.businessStartedAtMs),
    }));
  const failed = turns
    .slice(0, 1)
    .filter((turn) => turn.outcome === 'failed')
    .map((turn) => ({
      kind: 'failure',
      text: `turn ${String(turn.number)} of ${turn.loop} failed: ${turn.reason}`,
      project: project.name,
      path: turnPath(project, turn),
      since: formatTime(businessTimeOf(turn)),
    }));
  const firing = await upstream.monitoring.alerts(tx, { projectId: project.id, state: 'firing', limit: 10 });
  const alerts = firing.map((alert) => ({
    kind: 'alert',
    text: alert.reason,
    project: project.name,
    path: turns[0] === undefined ? '/' : turnPath(project, turns[0]),
    since: formatTime(alert.firedAtMs),
  }));
  return [...waiting, ...failed, ...alerts];
}

function turnChange(project: Project, turn: TurnSummary): HomeBody['changed'][number] {
  return {
    at: formatTime(businessTimeOf(turn)),
    project: project.name,
    text: turnSentence(turn),
    path: turnPath(project, turn),
  };
}

async function alertChanges(upstream: HomeUpstream, tx: SqlTx, project: Project): Promise<HomeBody['changed']> {
  const alerts = await upstream.monitoring.alerts(tx, { projectId: project.id, limit: CHANGES });
  return alerts.map((alert) => ({
    at: formatTime(alert.firedAtMs),
    project: project.name,
    text: `alert ${String(alert.number)}: ${alert.reason}`,
  }));
}

/** Business time of the last news of a turn: alerts and windows live in business time, and a list has one clock. */
function businessTimeOf(turn: TurnSummary): number {
  return turn.businessEndedAtMs ?? turn.businessStartedAtMs;
}

function turnSentence(turn: TurnSummary): string {
  if (turn.outcome === 'open') return `turn ${String(turn.number)} is at ${turn.stage}`;
  return `turn ${String(turn.number)} ${turn.outcome}: ${turn.reason}`;
}

function turnPath(project: Project, turn: TurnSummary): string {
  return `/p/${project.name}/turns/${String(turn.number)}`;
}

function modelOf(project: Project, endpoint: string): string {
  return sectionOf<Record<string, { model: string }>>(project, 'endpoints')?.[endpoint]?.model ?? '';
}

function valueWithEnds(value: Estimate) {
  const ends = Number.isFinite(value.low) && Number.isFinite(value.high) ? { low: value.low, high: value.high } : {};
  return { value: value.value, ...ends };
}

function wireEstimate(value: Estimate) {
  return { ...value, value: toWireNumber(value.value), low: toWireNumber(value.low), high: toWireNumber(value.high) };
}
