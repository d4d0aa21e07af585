import { useState } from 'react';
import { ConfirmDialog, useActions, useGo, useRoute, useRouteChange } from '#web';
import { listLoopsRoute, startTurnRoute } from '../api.ts';
import { turnPath } from './navigation.ts';

/** Starts a turn by hand, with a reason for the record. */
export function StartTurn({ project }: { readonly project: string }) {
  const loops = useRoute(listLoopsRoute, { params: { project } });
  const names = loops.state === 'ready' ? loops.data.items.map((loop) => loop.name) : [];
  const [isOpen, setIsOpen] = useState(false);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const loop = chosen ?? names[0];
  const start = useRouteChange(startTurnRoute);
  const go = useGo();
  const open = (): void => {
    start.forget();
    setIsOpen(true);
  };
  useActions(loop === undefined ? [] : [{ label: 'Start a turn…', group: 'This page', run: open }]);
  if (loop === undefined) return null;
  return (
    <>
      <button type="button" className="button" data-tone="accent" onClick={open}>
        Start a turn…
      </button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={`Start a turn of ${loop}`}
        effects={[
          'New dataset versions are cut and every candidate is trained.',
          'The gate decides by the numbers of the project file; traffic moves only if it promotes.',
          'If a turn of this loop is open already, it absorbs the request.',
        ]}
        verb={`Start a turn of ${loop}`}
        reasonLabel="Why, for the record"
        isSending={start.isSending}
        problem={start.problem}
        onConfirm={(reason) => {
          start.send({ params: { project, loop }, body: { reason } }, (answer) => {
            setIsOpen(false);
            go(turnPath(project, answer.turn));
          });
        }}
      >
        {names.length > 1 && <LoopChoice names={names} loop={loop} onChoose={setChosen} />}
      </ConfirmDialog>
    </>
  );
}

function LoopChoice(props: {
  readonly names: readonly string[];
  readonly loop: string;
  readonly onChoose: (name: string) => void;
}) {
  return (
    <p>
      <label className="field-label" htmlFor="loop-choice">
        Loop
      </label>
      <select
        id="loop-choice"
        className="field"
        value={props.loop}
        onChange={(event) => {
          props.onChoose(event.target.value);
        }}
      >
        {props.names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </p>
  );
}
