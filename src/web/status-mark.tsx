import { type StatusShape, statusShape, statusWord } from './status.ts';

const BOX = '0 0 12 12';

/** Draws the shape of a status; the word beside it says what it means. */
export function StatusIcon({ shape }: { readonly shape: StatusShape }) {
  return (
    <svg className="mark" data-status={shape} viewBox={BOX} width="12" height="12" aria-hidden="true" focusable="false">
      {shape === 'ok' && <circle cx="6" cy="6" r="5" fill="currentColor" />}
      {shape === 'warn' && <path d="M6 .8 11.6 11H.4Z" fill="currentColor" />}
      {shape === 'fail' && <rect x="1" y="1" width="10" height="10" fill="currentColor" />}
      {shape === 'running' && (
        <>
          <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
          <path d="M6 1.4a4.6 4.6 0 0 1 0 9.2Z" fill="currentColor" />
        </>
      )}
      {shape === 'undecided' && (
        <path
          d="M3.6 4.1A2.5 2.5 0 1 1 7.4 6.2C6.5 6.8 6 7.2 6 8.2M6 10.4v.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
        />
      )}
      {shape === 'waived' && <path d="M6 .9 11.1 6 6 11.1.9 6Z" fill="none" stroke="currentColor" strokeWidth="1.4" />}
      {shape === 'waiting' && <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.3" />}
    </svg>
  );
}

/** Shows a status word with its shape; the reason is in the tooltip and in what a screen reader hears. */
export function StatusMark({ word, reason }: { readonly word: string; readonly reason?: string | undefined }) {
  const shape = statusShape(word);
  return (
    <span className="status" data-status={shape} title={reason}>
      <StatusIcon shape={shape} />
      <span>{statusWord(word)}</span>
      {reason !== undefined && reason !== '' && <span className="unseen">: {reason}</span>}
    </span>
  );
}
