import { Tooltip } from '@base-ui/react/tooltip';
import { type ReactNode, useState } from 'react';
import { useAnnounce } from './announcer.tsx';

const DONE_MS = 1500;

/**
 * Shows something short whose whole text is in the tooltip and is copied by a click.
 *
 * @param props - What is shown, copied and said.
 */
export function Copyable(props: {
  /** What is copied. */
  readonly text: string;
  /** What the tooltip says; default the text. */
  readonly tooltip?: string | undefined;
  /** What is said after copying: `digest copied`. */
  readonly noun: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}) {
  const announce = useAnnounce();
  const [isDone, setIsDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(props.text);
    setIsDone(true);
    announce(`${props.noun} copied`);
    setTimeout(() => {
      setIsDone(false);
    }, DONE_MS);
  };
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        className={`copyable ${props.className ?? ''}`}
        closeOnClick={false}
        onClick={() => {
          copy().catch(() => {
            announce('the browser did not allow copying');
          });
        }}
      >
        {props.children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="floating">
          <Tooltip.Popup className="tooltip">
            {props.tooltip ?? props.text}
            <span className="tooltip-hint">{isDone ? 'copied' : 'click to copy'}</span>
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** Shows a command that a person can run, with a button that copies it. */
export function CopyCommand({ command }: { readonly command: string }) {
  return (
    <span className="command">
      <code>{command}</code>
      <Copyable text={command} noun="command" className="command-copy" tooltip="copy the command">
        Copy
        <span className="unseen"> {command}</span>
      </Copyable>
    </span>
  );
}
