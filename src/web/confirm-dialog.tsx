import { Dialog } from '@base-ui/react/dialog';
import { type ReactNode, useId, useState } from 'react';
import type { RouteProblem } from './route-problem.ts';
import { Failed } from './states.tsx';

/** What a person confirms. */
export interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly title: string;
  /** What will happen, one effect a line. */
  readonly effects: readonly string[];
  /** Verb and object: `Abort turn 3`. */
  readonly verb: string;
  readonly tone?: 'fail' | 'accent';
  /** Asked for the record; sent with the change. */
  readonly reasonLabel: string;
  readonly onConfirm: (reason: string) => void;
  readonly isSending: boolean;
  readonly problem: RouteProblem | undefined;
  readonly children?: ReactNode;
}

/**
 * Asks before a change: says what follows, takes the reason, and has the verb on its button.
 *
 * @param props - Words, effects, and what happens at the end.
 */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={props.onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">{props.title}</Dialog.Title>
          <Dialog.Description render={<ul className="effects" />}>
            {props.effects.map((effect) => (
              <li key={effect}>{effect}</li>
            ))}
          </Dialog.Description>
          <ConfirmForm {...props} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function ConfirmForm(props: ConfirmDialogProps) {
  const [reason, setReason] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const field = useId();
  const submit = (): void => {
    const text = reason.trim();
    setIsMissing(text === '');
    if (text !== '' && !props.isSending) props.onConfirm(text);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {props.children}
      <label className="field-label" htmlFor={field}>
        {props.reasonLabel}
      </label>
      <textarea
        id={field}
        className="field"
        rows={2}
        maxLength={1000}
        value={reason}
        aria-invalid={isMissing}
        aria-describedby={isMissing ? `${field}-missing` : undefined}
        onChange={(event) => {
          setReason(event.target.value);
        }}
      />
      {isMissing && (
        <p className="field-problem" id={`${field}-missing`}>
          A reason is needed: it stays in the record.
        </p>
      )}
      {props.problem !== undefined && <Failed problem={props.problem} />}
      <div className="dialog-buttons">
        <Dialog.Close className="button">Cancel</Dialog.Close>
        <button type="submit" className="button" data-tone={props.tone ?? 'accent'} aria-disabled={props.isSending}>
          {props.isSending ? 'Sending…' : props.verb}
        </button>
      </div>
    </form>
  );
}
