import { didYouMean, GyreError, toWireJson } from '#kernel';
import type { AuditLog } from '#platform/audit';
import type { Clock, Ids } from '#platform/clock';
import { digestOfJson } from '#platform/digest';
import type { EventLog } from '#platform/events';
import type { SqlTx } from '#platform/sql';
import { objectiveOf, type ProjectsSlice, sectionOf } from '#projects';
import { decideGate } from './decide-gate.ts';
import { findDecisionByKey, insertDecision, requireEvaluation } from './evaluation-rows-sql.ts';
import type { GateRequest } from './evaluations.ts';
import type { GateDecisionRecord, GateRules } from './gate.ts';
import { gateEvidenceOf } from './gate-evidence.ts';
import { GATE_DEFAULTS, type GatesSection, gateRulesOf } from './gates-section.ts';

/** What deciding and storing needs. */
export interface DecideDeps {
  readonly events: Pick<EventLog, 'append'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly projects: Pick<ProjectsSlice, 'find' | 'businessNowMs'>;
}

/** Reads the rules of a gate from the project file, or throws `evaluation/no-gate`. */
export async function readGateRules(
  deps: Pick<DecideDeps, 'projects'>,
  tx: SqlTx,
  key: { readonly projectId: string; readonly gate: string },
): Promise<GateRules> {
  const project = await deps.projects.find(tx, key.projectId);
  const gates = sectionOf<GatesSection>(project, 'gates') ?? {};
  const gate = Object.hasOwn(gates, key.gate) ? gates[key.gate] : undefined;
  if (gate !== undefined) return gateRulesOf(key.gate, gate, objectiveOf(project, gate.objective));
  throw new GyreError({
    kind: 'not-found',
    code: 'evaluation/no-gate',
    message: `project "${project.name}" has no gate "${key.gate.slice(0, 80)}"${didYouMean(key.gate, Object.keys(gates))}`,
  });
}

/** Reads the highest level that a gate of the project asks for, so that no gate finds an evaluation too unsure. */
export async function readHighestLevel(deps: Pick<DecideDeps, 'projects'>, tx: SqlTx, projectId: string): Promise<number> {
  const gates = sectionOf<GatesSection>(await deps.projects.find(tx, projectId), 'gates') ?? {};
  const levels = Object.values(gates).map((gate) => gate.level ?? GATE_DEFAULTS.level);
  return levels.length === 0 ? GATE_DEFAULTS.level : Math.max(...levels);
}

/** Decides a gate on a stored evaluation; a known key gives the decision that was made under it. */
export async function decide(deps: DecideDeps, tx: SqlTx, request: GateRequest): Promise<GateDecisionRecord> {
  const { projectId, key } = request;
  const known = key === undefined ? undefined : await findDecisionByKey(tx, projectId, key);
  if (known !== undefined) return known;
  const rules = await readGateRules(deps, tx, request);
  const evaluation = await requireEvaluation(tx, request.evaluationId, projectId);
  const businessAtMs = await deps.projects.businessNowMs(tx, projectId);
  const evidence = gateEvidenceOf(evaluation, rules, championOf(request, businessAtMs));
  const record: GateDecisionRecord = {
    id: deps.ids.next(),
    projectId,
    evaluationId: evaluation.id,
    rules,
    rulesDigest: digestOfJson(rules),
    evidence,
    evidenceDigest: digestOfJson(toWireJson(evidence)),
    decision: decideGate(evidence, rules),
    decidedAtMs: deps.clock.nowMs(),
    businessAtMs,
  };
  await insertDecision(tx, record, key);
  await tell(deps, tx, { record, actor: request.actor, modelDigest: evaluation.spec.modelDigest });
  return record;
}

function championOf({ championSinceMs, championDigest }: GateRequest, businessAtMs: number) {
  if (championSinceMs === undefined) return undefined;
  const digest = championDigest === undefined ? {} : { modelDigest: championDigest };
  return { ageMs: businessAtMs - championSinceMs, ...digest };
}

async function tell(
  deps: DecideDeps,
  tx: SqlTx,
  told: { readonly record: GateDecisionRecord; readonly actor: string; readonly modelDigest: string },
): Promise<void> {
  const { record, actor, modelDigest } = told;
  const { gate, verdict, action, summary } = record.decision;
  await deps.events.append(tx, {
    topic: 'evaluation.gate-decided',
    projectId: record.projectId,
    entity: 'gate-decision',
    entityId: record.id,
    entityVersion: 1,
    data: { gate, verdict, action, evaluationId: record.evaluationId, modelDigest },
  });
  await deps.audit.append(tx, {
    actor,
    action: 'evaluation.decide-gate',
    projectId: record.projectId,
    resource: `gate-decision:${record.id}`,
    outcome: 'done',
    reason: summary,
    data: {
      gate,
      verdict,
      action,
      evaluationId: record.evaluationId,
      modelDigest,
      rulesDigest: record.rulesDigest,
      evidenceDigest: record.evidenceDigest,
    },
  });
}
