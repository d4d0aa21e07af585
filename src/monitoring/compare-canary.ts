import type { FeedbackSlice } from '#feedback';
import { hasInterval } from '#kernel';
import type { SqlTx } from '#platform/sql';
import { type Project, type ProjectsSlice, sectionOf } from '#projects';
import type { CanaryQuality, CanaryQualityAnswer } from '#serving';
import { isConditional } from '#stats';
import { type Monitor, monitorsOf, type PerformanceRules } from './monitor.ts';
import { JUDGED_COLUMNS, type MonitorNumerics } from './monitor-protocol.ts';
import { keepColumns } from './watched-rows.ts';

/** What judging a canary by late labels takes. */
export interface CanaryDeps {
  readonly projects: Pick<ProjectsSlice, 'find' | 'businessNowMs'>;
  readonly feedback: Pick<FeedbackSlice, 'labelledPredictions' | 'settled'>;
  readonly numerics: Pick<MonitorNumerics, 'compareCanary'>;
}

type CanaryRequest = Parameters<CanaryQuality['compare']>[1];
type PerformanceMonitor = Monitor & { readonly performance: PerformanceRules };

/** Largest loss that counts as none where no gate of the objective says otherwise: that of the shipped gate. */
const DEFAULT_MARGIN = 0.01;

/**
 * Makes the judge of a challenger's quality against its control: by the metric of a monitor of the endpoint, on predictions
 * since a moment that are old enough for their labels, so that neither side is judged by its fast labels alone.
 *
 * It reads beyond the caller's transaction; call it in a snapshot (`database.read`), never in a writing transaction.
 *
 * @param deps - `projects` reads rules and the business clock, `feedback` joins the labels, `numerics` compares.
 * @returns The judge; it answers `known: false`, with the reason, wherever the evidence does not decide.
 */
export function createCanaryQuality(deps: CanaryDeps): CanaryQuality {
  return {
    compare: async (tx, request) => {
      const project = await deps.projects.find(tx, request.projectId);
      const monitor = monitorsOf(project).find((candidate) => candidate.endpoint === request.endpoint && candidate.performance);
      if (monitor?.performance === undefined) {
        return unknown(`no monitor of endpoint "${request.endpoint}" watches performance`);
      }
      return compare(deps, tx, { request, project, monitor: { ...monitor, performance: monitor.performance } });
    },
  };
}

async function compare(
  deps: CanaryDeps,
  tx: SqlTx,
  question: { readonly request: CanaryRequest; readonly project: Project; readonly monitor: PerformanceMonitor },
): Promise<CanaryQualityAnswer> {
  const { request, project, monitor } = question;
  const { metric, direction, maturityMs, outcome, minimumCoverage } = monitor.performance;
  const nowMs = await deps.projects.businessNowMs(tx, project.id);
  const toMs = nowMs - maturityMs;
  if (toMs <= request.sinceMs) return unknown('no outcomes of this step are mature yet');
  await deps.feedback.settled();
  const place = { projectId: project.id, endpoint: request.endpoint, fromMs: request.sinceMs, toMs };
  const labelled = await deps.feedback.labelledPredictions({ ...place, outcome, knownBeforeMs: nowMs, maturityMs });
  const { ratio } = labelled.coverage;
  if (!(ratio >= minimumCoverage)) {
    return unknown(`${String(labelled.coverage.arrived)} of ${String(labelled.coverage.expected)} outcomes are in`);
  }
  const frame = keepColumns(labelled.frame, JUDGED_COLUMNS);
  const { challenger, control } = request;
  const { minimumRows } = monitor;
  const found = await deps.numerics.compareCanary({ frame, challenger, control, metric, minimumRows });
  if (Math.min(found.challengerRows, found.controlRows) < minimumRows) {
    return unknown(
      `outcomes are known for ${String(found.challengerRows)} rows of ${challenger} and ${String(found.controlRows)} of ${control}; ${String(minimumRows)} of each are needed`,
    );
  }
  const { difference } = found;
  if (!hasInterval(difference) || isConditional(difference)) {
    return unknown(`${metric} of ${challenger} against ${control} rests on fewer than 3 days or is not defined`);
  }
  return { known: true, metric, direction, difference, margin: marginOf(project, monitor.performance.objective) };
}

function marginOf(project: Project, objective: string): number {
  const gates = sectionOf<Readonly<Record<string, { readonly objective: string; readonly margin?: number }>>>(project, 'gates');
  return Object.values(gates ?? {}).find((gate) => gate.objective === objective)?.margin ?? DEFAULT_MARGIN;
}

function unknown(reason: string): CanaryQualityAnswer {
  return { known: false, reason };
}
