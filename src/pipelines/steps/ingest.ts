import type { DatasetVersion } from '#data';
import { formatTime } from '#kernel';
import { type BuiltInDeps, PIPELINE_PRINCIPAL, type StepExecutor } from './step.ts';
import { trainingViewOf } from './training-view.ts';

/** Makes the step `ingest`: cuts a version of every dataset that the training reads, of all facts known before now. */
export function ingestStep(deps: Pick<BuiltInDeps, 'data' | 'features' | 'training'>): StepExecutor {
  return async (context) => {
    const { effect, project, businessNowMs } = context;
    const { view } = trainingViewOf(deps, context);
    const versions: DatasetVersion[] = [];
    for (const dataset of view.datasets) {
      const version = await deps.data.cutVersion({
        projectId: project.id,
        dataset,
        cutMs: businessNowMs,
        guard: (tx) => effect.guard(tx),
        actor: PIPELINE_PRINCIPAL,
      });
      versions.push(version);
      context.log.add('gyre', sentenceOf(version));
    }
    return {
      versions: Object.fromEntries(versions.map((version) => [version.dataset, version.digest])),
      datasets: versions.map((version) => ({
        dataset: version.dataset,
        number: version.number,
        digest: version.digest,
        rows: version.rows,
        quarantined: version.quarantined.rows,
        reasons: { ...version.quarantined.reasons },
      })),
      cutMs: businessNowMs,
      text: `cut at ${formatTime(businessNowMs).slice(0, 16)}Z: ${versions.map(sentenceOf).join(', ')}`,
    };
  };
}

function sentenceOf(version: DatasetVersion): string {
  const { rows, reasons } = version.quarantined;
  const why = Object.keys(reasons).join(', ');
  const aside = rows === 0 ? '' : ` (${String(rows)} in quarantine: ${why})`;
  return `${version.dataset} version ${String(version.number)}, ${String(version.rows)} rows${aside}`;
}
