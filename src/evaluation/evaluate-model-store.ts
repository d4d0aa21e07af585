import { toWireJson } from '#kernel';
import type { Clock, Ids } from '#platform/clock';
import { digestOfJson } from '#platform/digest';
import type { EventLog } from '#platform/events';
import type { SqlDatabase, SqlTx } from '#platform/sql';
import type { TrackingSlice } from '#tracking';
import type { Evaluation, EvaluationReport, EvaluationSpec } from './evaluation.ts';
import { findBySpec, insertEvaluation } from './evaluation-rows-sql.ts';
import type { EvaluationRequest } from './evaluations.ts';

/** What judging and storing needs. */
export interface EvaluateDeps {
  readonly database: SqlDatabase;
  readonly events: Pick<EventLog, 'append'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tracking: Pick<TrackingSlice, 'logEstimates'>;
  /** Reads the level that intervals of a project need. */
  levelOf(tx: SqlTx, projectId: string): Promise<number>;
  /** Marks joints. */
  readonly failpoint: (name: string) => void;
  /** Does the heavy part. */
  judge(spec: EvaluationSpec, signal: AbortSignal): Promise<EvaluationReport>;
}

/** Counts changes in what the numbers of a report mean. */
const CODE_VERSION = 1;

/** Judges a model and stores the evaluation, or gives the one that answers the same question. */
export async function evaluateModel(deps: EvaluateDeps, request: EvaluationRequest): Promise<Evaluation> {
  const { spec, known } = await deps.database.read(async (tx) => {
    const asked = specOf(request, request.level ?? (await deps.levelOf(tx, request.projectId)));
    return { spec: asked, known: await findBySpec(tx, request.projectId, digestOfJson(asked)) };
  });
  const report = known?.report ?? (await deps.judge(spec, request.signal ?? new AbortController().signal));
  deps.failpoint('evaluation/model-judged');
  return deps.database.transaction(async (tx) => {
    await request.guard?.(tx);
    const evaluation = await storeOnce(deps, tx, { request, spec, report });
    if (request.runId !== undefined) await deps.tracking.logEstimates(tx, request.runId, estimatesOf(evaluation));
    return evaluation;
  });
}

function specOf(request: EvaluationRequest, level: number): EvaluationSpec {
  return {
    modelDigest: request.modelDigest,
    frameDigest: request.frameDigest,
    rows: request.rows,
    primaryMetric: request.primaryMetric ?? 'roc_auc',
    level,
    references: request.references ?? [],
    sliceColumns: request.sliceColumns ?? 'categories',
    minimumSliceRows: request.minimumSliceRows ?? 200,
    seed: request.seed ?? 1,
    codeVersion: CODE_VERSION,
  };
}

async function storeOnce(
  deps: EvaluateDeps,
  tx: SqlTx,
  found: { readonly request: EvaluationRequest; readonly spec: EvaluationSpec; readonly report: EvaluationReport },
): Promise<Evaluation> {
  const { request, spec, report } = found;
  const specDigest = digestOfJson(spec);
  const known = await findBySpec(tx, request.projectId, specDigest);
  if (known !== undefined) return known;
  const evaluation: Evaluation = {
    id: deps.ids.next(),
    projectId: request.projectId,
    runId: request.runId,
    spec,
    specDigest,
    report,
    reportDigest: digestOfJson(toWireJson(report)),
    createdAtMs: deps.clock.nowMs(),
  };
  await insertEvaluation(tx, evaluation);
  await deps.events.append(tx, {
    topic: 'evaluation.model-evaluated',
    projectId: evaluation.projectId,
    entity: 'evaluation',
    entityId: evaluation.id,
    entityVersion: 1,
    data: { modelDigest: spec.modelDigest, frameDigest: spec.frameDigest, reportDigest: evaluation.reportDigest },
  });
  return evaluation;
}

/** Estimates under the names by which runs are compared: `test_roc_auc`. */
function estimatesOf({ spec, report }: Evaluation) {
  return Object.fromEntries(
    Object.entries(report.metrics).map(([metric, estimate]) => [`${spec.rows.split}_${metric}`, estimate]),
  );
}
