import type { ReactNode } from 'react';
import { DigestText, IdText, SentenceText, TimeText } from '#web';
import type { StageBody, TurnBody } from '../api.ts';
import { type PlainFact, plainFacts } from './evidence.ts';
import { GateEvidence } from './gate-evidence.tsx';
import { DataEvidence, TrainingEvidence } from './pipeline-evidence.tsx';
import { RolloutEvidence } from './rollout-evidence.tsx';

type Trigger = TurnBody['trigger'];

/** Shows the stored facts behind the sentence of a stage. */
export function StageEvidence({ turn, stage }: { readonly turn: TurnBody; readonly stage: StageBody }) {
  return (
    <div className="evidence">
      {pictureOf(turn, stage)}
      {stage.state === 'open' && <p className="meta">Evidence is kept when the stage closes; this page follows it live.</p>}
    </div>
  );
}

function pictureOf(turn: TurnBody, stage: StageBody): ReactNode {
  const pictures: Readonly<Record<string, ReactNode>> = {
    trigger: <TriggerEvidence turn={turn} stage={stage} />,
    data: <DataEvidence stage={stage} />,
    training: <TrainingEvidence stage={stage} />,
    gate: <GateEvidence stage={stage} />,
    rollout: <RolloutEvidence stage={stage} />,
  };
  return pictures[stage.stage] ?? <PlainEvidence stage={stage} />;
}

function TriggerEvidence({ turn, stage }: { readonly turn: TurnBody; readonly stage: StageBody }) {
  return (
    <>
      <TriggerLine trigger={turn.trigger} />
      {turn.absorbed.length > 0 && (
        <>
          <h3>Absorbed while the turn was open</h3>
          {turn.absorbed.map((trigger) => (
            <TriggerLine key={`${trigger.kind}/${trigger.source}/${trigger.businessAt}/${trigger.reason}`} trigger={trigger} />
          ))}
        </>
      )}
      <PlainEvidence stage={stage} />
    </>
  );
}

function TriggerLine({ trigger }: { readonly trigger: Trigger }) {
  return (
    <p>
      {trigger.kind} by <span className="mono">{trigger.source}</span>, business time <TimeText time={trigger.businessAt} />:{' '}
      <SentenceText text={trigger.reason} />
    </p>
  );
}

/** Shows facts that need no picture: names and words. */
export function PlainEvidence({ stage }: { readonly stage: StageBody }) {
  const facts = plainFacts(stage.evidence);
  if (facts.length === 0) return null;
  return (
    <dl className="plain-facts">
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>{factText(fact)}</dd>
        </div>
      ))}
    </dl>
  );
}

function factText({ kind, text }: PlainFact): ReactNode {
  const views = { digest: <DigestText digest={text} />, id: <IdText id={text} />, words: text };
  return views[kind];
}
