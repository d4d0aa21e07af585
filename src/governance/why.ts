import type { EvaluationSlice } from '#evaluation';
import { formatEstimate, formatTime, GyreError, shortDigest } from '#kernel';
import { requireTurnRow, type TurnState } from '#loops';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Project } from '#projects';
import type { ModelVersion, RegistrySlice } from '#registry';

/** What a question is answered with: one sentence, then the stored facts behind it in order of time. */
export interface Explanation {
  readonly subject: string;
  readonly sentence: string;
  readonly lines: { at?: string; who?: string; text: string }[];
  readonly digests: Record<string, string>;
}

/** Explains a turn or a model version. */
export type Explainer = (tx: SqlTx, project: Project, subject: string) => Promise<Explanation>;

/** What the explainer reads. */
export interface ExplainerDeps {
  readonly platform: Pick<Platform, 'machines' | 'audit'>;
  readonly registry: RegistrySlice;
  readonly evaluation: EvaluationSlice;
}

/** Makes the explainer. It knows nothing but what is stored. */
export function createExplainer(deps: ExplainerDeps): Explainer {
  return async (tx, project, subject) => {
    const turn = /^(?:turn:)?(\d{1,9})$/.exec(subject);
    if (turn?.[1] !== undefined) return explainTurn(deps, tx, { project, number: turn[1] });
    const version = /^([a-z][a-z0-9-]{0,62})(?::(\d{1,9})|@([a-z][a-z0-9-]{0,62}))?$/.exec(subject);
    if (version?.[1] === undefined) throw unknownSubject(subject);
    return explainVersion(deps, tx, { project, model: version[1], number: version[2], alias: version[3] ?? 'champion' });
  };
}

async function explainTurn(
  deps: ExplainerDeps,
  tx: SqlTx,
  question: { readonly project: Project; readonly number: string },
): Promise<Explanation> {
  const row = await requireTurnRow(tx, question.project.id, question.number);
  const instance = await deps.platform.machines.get(tx, row.id);
  // Only the turn machine writes this state.
  const state = instance?.state as TurnState;
  const lines = state.stages.map((stage) => ({
    at: formatTime(stage.businessEndedAtMs ?? stage.businessStartedAtMs),
    text: `${stage.stage}${stage.verdict === '' ? '' : ` (${stage.verdict})`}: ${stage.text === '' ? 'open' : stage.text}`,
  }));
  const absorbed = state.absorbed.map((trigger) => ({
    at: formatTime(trigger.businessAtMs),
    text: `absorbed a second trigger: ${trigger.reason}`,
  }));
  const digests = [
    ['challenger', state.challenger?.digest],
    ['champion before', state.champion?.digest],
    ['served', state.servedDigest],
  ].filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  return {
    subject: `turn ${String(state.number)}`,
    sentence:
      state.outcome === 'open' ? `turn ${String(state.number)} is open at ${row.stage}` : `${state.outcome}: ${state.reason}`,
    lines: [...lines, ...absorbed],
    digests: Object.fromEntries(digests),
  };
}

async function explainVersion(
  deps: ExplainerDeps,
  tx: SqlTx,
  question: { readonly project: Project; readonly model: string; readonly number: string | undefined; readonly alias: string },
): Promise<Explanation> {
  const version = await findVersion(deps, tx, question);
  const entries = await deps.platform.audit.read(tx, {
    projectId: question.project.id,
    resource: `model-version:${version.model}:${String(version.number)}`,
    limit: 100,
  });
  const moves = await deps.registry.aliasHistory(tx, { projectId: question.project.id, model: version.model });
  const made = { at: formatTime(version.createdAtMs), text: `registered from run ${version.runId}${datasetsOf(version)}` };
  const judged = await evaluationLine(deps, tx, version);
  const audited = entries.map((entry) => ({
    at: formatTime(entry.atMs),
    who: entry.actor,
    text: `${entry.action}${entry.reason === undefined ? '' : `: ${entry.reason}`}`,
  }));
  const moved = moves
    .filter((move) => move.to === version.number || move.from === version.number)
    .map((move) => ({
      at: formatTime(move.movedAtMs),
      who: move.actor,
      text: `${move.alias} moved from ${String(move.from ?? 'nothing')} to ${String(move.to ?? 'nothing')}: ${move.why}`,
    }));
  const lines = [made, ...judged, ...audited, ...moved].sort((a, b) => a.at.localeCompare(b.at));
  const aliases = version.aliases.length === 0 ? 'has no alias' : `is ${version.aliases.join(', ')}`;
  return {
    subject: `${version.model}:${String(version.number)}`,
    sentence: `${version.model} version ${String(version.number)} ${aliases}, digest ${shortDigest(version.digest)}`,
    lines,
    digests: digestsOf(version),
  };
}

async function findVersion(
  deps: ExplainerDeps,
  tx: SqlTx,
  question: { readonly project: Project; readonly model: string; readonly number: string | undefined; readonly alias: string },
): Promise<ModelVersion> {
  const { project, model, number, alias } = question;
  if (number !== undefined)
    return deps.registry.findVersionByNumber(tx, { projectId: project.id, model, number: Number(number) });
  const version = await deps.registry.versionByAlias(tx, { projectId: project.id, model, alias });
  if (version !== undefined) return version;
  throw unknownSubject(`${model}@${alias}`);
}

async function evaluationLine(deps: ExplainerDeps, tx: SqlTx, version: ModelVersion): Promise<{ at: string; text: string }[]> {
  if (version.evaluationId === undefined) return [];
  const { report, spec, createdAtMs } = await deps.evaluation.findEvaluation(tx, version.evaluationId);
  const versus = report.comparisons
    .map((comparison) => `; ${formatEstimate(comparison.differences[spec.primaryMetric])} against the ${comparison.against}`)
    .join('');
  const text = `${spec.primaryMetric} ${formatEstimate(report.metrics[spec.primaryMetric])} on ${String(report.nRows)} rows of ${String(report.nDays)} days${versus}`;
  return [{ at: formatTime(createdAtMs), text }];
}

function datasetsOf(version: ModelVersion): string {
  const names = version.datasets.map((dataset) => `${dataset.name} ${shortDigest(dataset.digest)}`);
  return names.length === 0 ? '' : ` on ${names.join(', ')}`;
}

function digestsOf(version: ModelVersion): Record<string, string> {
  const { frameDigest, datasets, files } = version;
  return {
    model: version.digest,
    ...(frameDigest === undefined ? {} : { 'training table': frameDigest }),
    ...Object.fromEntries(datasets.map((dataset) => [`dataset ${dataset.name}`, dataset.digest])),
    ...Object.fromEntries(files.map((file) => [file.path, file.digest])),
  };
}

function unknownSubject(subject: string): GyreError {
  return new GyreError({
    kind: 'not-found',
    code: 'governance/unknown-subject',
    message: `there is nothing to explain under "${subject.slice(0, 120)}"`,
    help: 'give a turn number (3), a model version (churn:8) or an alias (churn@champion)',
  });
}
