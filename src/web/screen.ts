import { useLocation, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** One screen of a slice: a path that is identity, and what shows it. The query string is the view. */
export interface Screen {
  /** Path with `$name` for what varies: `/p/$project/turns/$turn`. */
  readonly path: string;
  readonly component: () => ReactNode;
}

/** One entry of the rail. */
export interface NavigationEntry {
  readonly label: string;
  readonly path: string;
  /** SVG path of its picture, in a box of 16 by 16. */
  readonly icon: string;
  /** Second key after `g`. */
  readonly key: string;
}

/** The view of a screen as its address has it, and how to change it. */
export interface ViewState {
  readonly view: Readonly<Record<string, string | undefined>>;
  /** Writes members into the address; undefined takes one out. The history keeps one entry for the screen. */
  readonly change: (part: Readonly<Record<string, string | undefined>>) => void;
}

/**
 * Gives the view state of the screen: Back, reload and a copied address show the same picture.
 *
 * @returns What the query string says, and how to change it.
 */
export function useViewState(): ViewState {
  const location = useLocation();
  const navigate = useNavigate();
  const view: Readonly<Record<string, string | undefined>> = parseView(location.searchStr);
  return {
    view,
    change: (part) => {
      void navigate({ to: `${location.pathname}${viewText({ ...view, ...part })}`, replace: true, resetScroll: false });
    },
  };
}

/**
 * Gives what varies in the path of the screen, in order: `/p/churn/turns/3` is `['churn', '3']` for `/p/$/turns/$`.
 *
 * @param path - Path of the screen, with `$name` for what varies.
 * @returns The names, decoded; missing ones are left out at the end.
 */
export function usePathNames(path: string): readonly string[] {
  const { pathname } = useLocation();
  const segments = pathname.split('/');
  return path
    .split('/')
    .map((part, index) => (part.startsWith('$') ? decodeURIComponent(segments[index] ?? '') : ''))
    .filter((name) => name !== '');
}

/**
 * Gives a way to go to another screen.
 *
 * @returns A function that takes an address.
 */
export function useGo(): (path: string) => void {
  const navigate = useNavigate();
  return (path) => {
    void navigate({ to: path });
  };
}

/** Reads the query string of an address as plain texts. */
export function parseView(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** Writes a view as a query string, without what is not set. */
export function viewText(view: Readonly<Record<string, unknown>>): string {
  const known = Object.entries(view).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  return known.length === 0 ? '' : `?${new URLSearchParams(known).toString()}`;
}
