import { createContext, type ReactNode, useContext, useEffect, useId, useState, useSyncExternalStore } from 'react';
import { createKeyReader, isTyping } from './keys.ts';
import { usePreferences } from './preferences.tsx';

/** Something a page can do: in the palette, in the key map, and by its keys. */
export interface PageAction {
  readonly label: string;
  /** Shortcut: `j`, or `g h` for two keys one after the other; without it only the palette offers the action. */
  readonly keys?: string;
  /** Heading in the palette and the key map. */
  readonly group: string;
  readonly run: () => void;
}

interface ActionStore {
  put(owner: string, actions: readonly PageAction[]): void;
  remove(owner: string): void;
  read(): readonly PageAction[];
  watch(watcher: () => void): () => void;
}

const ActionsContext = createContext<ActionStore>(createActionStore());

/**
 * Offers actions as long as the calling component is there.
 *
 * @param actions - What the page can do now.
 */
export function useActions(actions: readonly PageAction[]): void {
  const store = useContext(ActionsContext);
  const owner = useId();
  useEffect(() => {
    store.put(owner, actions);
  });
  useEffect(
    () => () => {
      store.remove(owner);
    },
    [store, owner],
  );
}

/** Gives all actions that the page offers now. */
export function useOfferedActions(): readonly PageAction[] {
  const store = useContext(ActionsContext);
  return useSyncExternalStore(store.watch, store.read);
}

/** Collects the actions of the page and runs them by their keys: never inside a field, never behind a dialog. */
export function ActionsProvider({ children }: { readonly children: ReactNode }) {
  const [store] = useState(createActionStore);
  const { hasKeys } = usePreferences();
  useEffect(() => {
    if (!hasKeys) return undefined;
    const reader = createKeyReader();
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isDialogOpen()) return;
      const actions = store.read();
      const known = new Set(actions.flatMap((action) => action.keys ?? []));
      const shortcut = reader.press(event.key, event.timeStamp, known);
      const action = actions.findLast((candidate) => candidate.keys === shortcut);
      if (shortcut === undefined || action === undefined) return;
      event.preventDefault();
      action.run();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [store, hasKeys]);
  return <ActionsContext value={store}>{children}</ActionsContext>;
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"],[role="alertdialog"]') !== null;
}

function createActionStore(): ActionStore {
  const owners = new Map<string, readonly PageAction[]>();
  const watchers = new Set<() => void>();
  let all: readonly PageAction[] = [];
  const collect = (): void => {
    all = [...owners.values()].flat().toSorted((a, b) => rankOf(a.group) - rankOf(b.group));
  };
  const changed = (): void => {
    collect();
    for (const watcher of watchers) watcher();
  };
  return {
    put: (owner, actions) => {
      const before = owners.get(owner) ?? [];
      owners.set(owner, actions);
      if (signature(before) === signature(actions)) collect();
      else changed();
    },
    remove: (owner) => {
      owners.delete(owner);
      changed();
    },
    read: () => all,
    watch: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

/** Ways first, then what the page itself does, and how it looks last. */
const GROUP_ORDER = ['Go to', '', 'View'];

function rankOf(group: string): number {
  return GROUP_ORDER.includes(group) ? GROUP_ORDER.indexOf(group) : GROUP_ORDER.indexOf('');
}

function signature(actions: readonly PageAction[]): string {
  return actions.map((action) => `${action.group}/${action.label}/${action.keys ?? ''}`).join('\n');
}
