import { useState } from 'react';
import { steadyList } from './steady-list.ts';

/** A steady list, and what its container must listen to. */
export interface UsedSteadyList<Item> {
  readonly shown: readonly Item[];
  readonly waiting: number;
  readonly showAll: () => void;
  readonly container: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: () => void;
  };
}

/**
 * Holds a live list still while the pointer or the focus is on it.
 *
 * @param items - The list as it is now.
 * @param keyOf - What an item is known by.
 * @returns What to show, what waits, and what the container of the list listens to.
 */
export function useSteadyList<Item>(items: readonly Item[], keyOf: (item: Item) => string): UsedSteadyList<Item> {
  const [before, setBefore] = useState<readonly string[] | undefined>(undefined);
  const hold = (): void => {
    setBefore((held) => held ?? items.map(keyOf));
  };
  const release = (): void => {
    setBefore(undefined);
  };
  return {
    ...steadyList(before, items, keyOf),
    showAll: () => {
      setBefore(items.map(keyOf));
    },
    container: { onPointerEnter: hold, onPointerLeave: release, onFocus: hold, onBlur: release },
  };
}
