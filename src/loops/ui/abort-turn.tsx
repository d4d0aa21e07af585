import { useState } from 'react';
import { ConfirmDialog, useActions, useRouteChange } from '#web';
import { decideTurnRoute, type TurnBody } from '../api.ts';

/** Aborts an open turn, after saying what follows and asking why. */
export function AbortTurn({ turn }: { readonly turn: TurnBody }) {
  const [isOpen, setIsOpen] = useState(false);
  const decide = useRouteChange(decideTurnRoute);
  const open = (): void => {
    decide.forget();
    setIsOpen(true);
  };
  const name = `turn ${String(turn.number)}`;
  useActions([{ label: `Abort ${name}…`, group: 'This turn', run: open }]);
  return (
    <>
      <button type="button" className="button" data-tone="fail" onClick={open}>
        Abort {name}…
      </button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={`Abort ${name} of ${turn.loop}?`}
        effects={[
          'The turn ends now as aborted; what it was doing is given up.',
          turn.rolloutId === undefined
            ? `No rollout has begun: endpoint ${turn.endpoint} stays as it is.`
            : `Its rollout is aborted: endpoint ${turn.endpoint} goes back to what served before.`,
          'Who aborted it and why stays in the audit log.',
        ]}
        verb={`Abort ${name}`}
        tone="fail"
        reasonLabel="Why, for the record"
        isSending={decide.isSending}
        problem={decide.problem}
        onConfirm={(reason) => {
          const params = { project: turn.project, turn: String(turn.number) };
          decide.send({ params, body: { action: 'abort', reason } }, () => {
            setIsOpen(false);
          });
        }}
      />
    </>
  );
}
