import { formatBytes, formatDuration } from '#kernel';
import { countText, DataTable, DigestText, numberText, SentenceText, StatusIcon } from '#web';
import type { StageBody } from '../api.ts';
import { type CandidateFacts, cutDatasets, type DatasetFacts, stepSentences, trainedCandidates } from './evidence.ts';

/** Shows the dataset versions that were cut, with what went into quarantine and why. */
export function DataEvidence({ stage }: { readonly stage: StageBody }) {
  const datasets = cutDatasets(stage.evidence);
  return (
    <>
      {datasets.length > 0 && (
        <DataTable
          caption="Dataset versions"
          rows={datasets}
          keyOf={(dataset) => dataset.dataset}
          columns={[
            { head: 'Dataset', isName: true, cell: (dataset) => `${dataset.dataset} v${String(dataset.number)}` },
            { head: 'Rows', isNumber: true, cell: (dataset) => countText(dataset.rows) },
            { head: 'In quarantine', isNumber: true, cell: (dataset) => countText(dataset.quarantined) },
            { head: 'Because of', cell: (dataset) => quarantineText(dataset) },
            { head: 'Digest', cell: (dataset) => <DigestText digest={dataset.digest} /> },
          ]}
        />
      )}
      <StepLines stage={stage} />
    </>
  );
}

function quarantineText({ reasons }: DatasetFacts): string {
  return reasons.length === 0 ? '–' : reasons.map(({ check, rows }) => `${check} ${countText(rows)}`).join(', ');
}

/** Shows every trained candidate as the run it is, the best one marked, and what the later steps made of it. */
export function TrainingEvidence({ stage }: { readonly stage: StageBody }) {
  const candidates = trainedCandidates(stage.evidence);
  return (
    <>
      {candidates.length > 0 && (
        <DataTable
          caption="Trained candidates"
          rows={candidates}
          keyOf={(candidate) => candidate.runId}
          selected={candidates.find((candidate) => candidate.isBest)?.runId}
          columns={[
            { head: 'Candidate', isName: true, cell: (candidate) => <CandidateName candidate={candidate} /> },
            { head: 'Run', isNumber: true, cell: (candidate) => `run ${String(candidate.runNumber)}` },
            { head: 'Validation loss', isNumber: true, cell: (candidate) => numberText(candidate.validationLoss) },
            { head: 'Trained in', isNumber: true, cell: (candidate) => formatDuration(candidate.durationMs) },
            { head: 'Size', isNumber: true, cell: (candidate) => formatBytes(candidate.sizeBytes) },
            { head: 'Digest', cell: (candidate) => <DigestText digest={candidate.modelDigest} /> },
          ]}
        />
      )}
      <StepLines stage={stage} />
    </>
  );
}

function CandidateName({ candidate }: { readonly candidate: CandidateFacts }) {
  return (
    <>
      {candidate.kind}{' '}
      {candidate.isBest && (
        <span className="chip">
          <StatusIcon shape="ok" /> best
        </span>
      )}
    </>
  );
}

function StepLines({ stage }: { readonly stage: StageBody }) {
  const steps = stepSentences(stage.evidence, stage.text);
  if (steps.length === 0) return null;
  return (
    <dl className="plain-facts">
      {steps.map(({ step, text }) => (
        <div key={step}>
          <dt>{step}</dt>
          <dd>
            <SentenceText text={text} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
