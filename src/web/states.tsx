import type { ReactNode } from 'react';
import { Copyable, CopyCommand } from './copyable.tsx';
import type { RouteProblem } from './route-problem.ts';
import { StatusIcon } from './status-mark.tsx';

/** Keeps the place of what is being read for the first time, in its final shape. */
export function Loading({ what, rows }: { readonly what: string; readonly rows: number }) {
  return (
    <div className="loading" role="status">
      <span className="unseen">reading {what}</span>
      {Array.from({ length: rows }, (_, row) => `row ${String(row)}`).map((row) => (
        <div className="loading-row" key={row} />
      ))}
    </div>
  );
}

/**
 * Says that there was never any, what it would be, and with which command one comes into being.
 *
 * @param props - Title, words, and commands to copy.
 */
export function Empty(props: {
  readonly title: string;
  readonly children: ReactNode;
  readonly commands?: readonly { readonly label: string; readonly command: string }[];
}) {
  return (
    <div className="state-box">
      <h2>{props.title}</h2>
      <p>{props.children}</p>
      {props.commands !== undefined && (
        <dl className="command-list">
          {props.commands.map(({ label, command }) => (
            <div key={command}>
              <dt>{label}</dt>
              <dd>
                <CopyCommand command={command} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

/** Says at its place what could not be read or done: message, code, request id, and a way to try again. */
export function Failed({ problem, retry }: { readonly problem: RouteProblem; readonly retry?: (() => void) | undefined }) {
  return (
    <div className="state-box" data-tone="fail" role="alert">
      <p className="failed-line">
        <StatusIcon shape="fail" />
        <strong>{titleOf(problem)}</strong> <span>{problem.message}</span>
      </p>
      {problem.help !== undefined && <p>{problem.help}</p>}
      <p className="meta">
        <code>{problem.code}</code>
        {problem.requestId !== '' && (
          <>
            {' · request '}
            <Copyable text={problem.requestId} noun="request id" className="mono">
              {problem.requestId}
            </Copyable>
          </>
        )}
      </p>
      {retry !== undefined && (
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Says that what is shown may be out of date, because the newest read failed. */
export function Stale({ problem, retry }: { readonly problem: RouteProblem | undefined; readonly retry: () => void }) {
  if (problem === undefined) return null;
  return (
    <p className="notice" data-tone="warn" role="alert">
      <StatusIcon shape="warn" />
      <span>
        This may be out of date: {problem.message} <code>{problem.code}</code>
      </span>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </p>
  );
}

function titleOf(problem: RouteProblem): string {
  if (problem.status === 403) return 'Not allowed.';
  return problem.status === 0 ? 'No answer.' : 'This failed.';
}
