import { formatDuration } from '#kernel';
import { ScreenLink, SentenceText, StatusMark, TimeText } from '#web';
import type { TurnBody } from '../api.ts';
import { AbortTurn } from './abort-turn.tsx';
import { turnPath, turnsPath } from './navigation.ts';

/** Names the turn, says how it stands, and answers in one sentence. */
export function TurnHead({ turn }: { readonly turn: TurnBody }) {
  return (
    <header className="turn-head">
      <nav className="crumbs" aria-label="Where this is">
        <ScreenLink path={turnsPath(turn.project)}>{turn.project}</ScreenLink> <span aria-hidden="true">/</span>{' '}
        <span>loop {turn.loop}</span>
      </nav>
      <div className="title-line">
        <h1>
          Turn {turn.number} <StatusMark word={turn.outcome} />
        </h1>
        <div className="title-tools">
          {turn.number > 1 && (
            <ScreenLink path={turnPath(turn.project, turn.number - 1)} className="button">
              ← turn {turn.number - 1}
            </ScreenLink>
          )}
          {turn.outcome === 'open' && <AbortTurn turn={turn} />}
        </div>
      </div>
      <p className="lead answer">
        <SentenceText text={turn.sentence} />
      </p>
      <p className="meta">
        <TimeText time={turn.startedAt} />
        {turn.endedAt !== undefined && (
          <>
            {' → '}
            <TimeText time={turn.endedAt} />
          </>
        )}
        {turn.durationMs !== undefined && <span className="number"> · took {formatDuration(turn.durationMs)}</span>}
        <BusinessTime turn={turn} />
      </p>
    </header>
  );
}

const SAME_MS = 60_000;

/** The business clock is named where it is not the wall. */
function BusinessTime({ turn }: { readonly turn: TurnBody }) {
  const isWall = Math.abs(Date.parse(turn.startedAt) - Date.parse(turn.businessStartedAt)) < SAME_MS;
  if (isWall) return null;
  return (
    <>
      {' · business time '}
      <TimeText time={turn.businessStartedAt} />
    </>
  );
}
