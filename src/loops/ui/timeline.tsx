import { formatDuration } from '#kernel';
import { SentenceText, StatusIcon, statusShape, statusWord, TimeText } from '#web';
import type { StageBody, TurnBody } from '../api.ts';
import { StageEvidence } from './stage-evidence.tsx';
import { type OpenedStages, stageWord } from './stages.ts';

/** Shows the seven stages in order: finished ones in a line, the one that matters opened, future ones grey with the rule that will decide. */
export function Timeline(props: {
  readonly turn: TurnBody;
  readonly opened: OpenedStages;
  readonly onToggle: (stage: string) => void;
}) {
  const { turn, opened } = props;
  return (
    <ol className="timeline" aria-label="Stages of the turn">
      {turn.stages.map((stage, index) => (
        <li
          key={stage.stage}
          id={`stage-${stage.stage}`}
          className="stage"
          data-state={stage.state}
          data-selected={stage.stage === opened.selected || undefined}
        >
          <StageLine
            stage={stage}
            number={index + 1}
            isOpen={opened.isOpen(stage.stage)}
            onToggle={() => {
              props.onToggle(stage.stage);
            }}
          />
          {isReached(stage) && opened.isOpen(stage.stage) && <StageEvidence turn={turn} stage={stage} />}
        </li>
      ))}
    </ol>
  );
}

function isReached(stage: StageBody): boolean {
  return stage.state === 'done' || stage.state === 'open';
}

interface StageLineProps {
  readonly stage: StageBody;
  readonly number: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function StageLine({ stage, number, isOpen, onToggle }: StageLineProps) {
  const word = stageWord(stage);
  return (
    <div className="stage-line">
      <span className="stage-mark">
        <StatusIcon shape={statusShape(word)} />
      </span>
      <h2 className="stage-name">
        <span className="meta number">{number}</span> {stage.stage}
      </h2>
      <span className="stage-word meta">{wordOf(stage, word)}</span>
      <span className="stage-time meta">{stage.startedAt !== undefined && <TimeText time={stage.startedAt} />}</span>
      <span className="stage-span meta number">{stage.durationMs !== undefined && formatDuration(stage.durationMs)}</span>
      <p className="stage-text">
        <SentenceText text={textOf(stage)} />
      </p>
      {isReached(stage) && (
        <button type="button" className="stage-toggle" aria-expanded={isOpen} onClick={onToggle}>
          <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d={isOpen ? 'M4 6l4 4 4-4' : 'M6 4l4 4-4 4'} />
          </svg>
          <span className="unseen">Evidence of {stage.stage}</span>
        </button>
      )}
    </div>
  );
}

function wordOf(stage: StageBody, word: string): string {
  if (stage.state === 'never') return 'not reached';
  return stage.state === 'open' ? 'open now' : statusWord(word);
}

function textOf(stage: StageBody): string {
  if (stage.state === 'waiting') return `will be decided by: ${stage.text}`;
  return stage.state === 'never' ? 'the turn ended before' : stage.text;
}
