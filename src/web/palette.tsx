import { Dialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { type PageAction, useOfferedActions } from './actions.tsx';
import { KeyCaps } from './key-caps.tsx';
import { matchItems } from './palette-match.ts';

/** Offers everything that the page can do, found by typing; opens with ⌘K or Ctrl K. */
export function Palette({
  isOpen,
  onOpenChange,
}: {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}) {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      onOpenChange(true);
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [onOpenChange]);
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog palette">
          <Dialog.Title className="unseen">Go to a screen or do something</Dialog.Title>
          <PaletteList
            onDone={() => {
              onOpenChange(false);
            }}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteList({ onDone }: { readonly onDone: () => void }) {
  const actions = useOfferedActions();
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const list = useId();
  const found = matchItems(actions, query, (action) => `${action.group} ${action.label}`);
  const at = Math.min(index, found.length - 1);
  const active = `${list}-${String(at)}`;
  useEffect(() => {
    document.getElementById(active)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const run = (action: PageAction | undefined): void => {
    if (action === undefined) return;
    onDone();
    // The dialog gives the focus back first.
    setTimeout(action.run);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setIndex((at + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        className="palette-field"
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={at < 0 ? undefined : active}
        aria-label="Go to a screen or do something"
        placeholder="Go to … or do …"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" id={list} role="listbox" aria-label="What the page offers">
        {found.map((action, position) => (
          // The field keeps the focus and its keys choose; a click is the pointer's way to the same.
          <div
            key={`${action.group}/${action.label}`}
            id={`${list}-${String(position)}`}
            role="option"
            tabIndex={-1}
            aria-selected={position === at}
            onPointerDown={(event) => {
              event.preventDefault();
              run(action);
            }}
          >
            <span className="meta">{action.group}</span> <span>{action.label}</span>
            {action.keys !== undefined && <KeyCaps keys={action.keys} />}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="palette-none">Nothing here is called “{query}”.</p>}
    </>
  );
}
