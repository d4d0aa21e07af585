import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { ShownZone } from './time-text.ts';

const STORE_KEY = 'gyre.preferences';

/** Which colours a page has; `system` follows the machine. */
export type Theme = 'system' | 'light' | 'dark';

/** What a person chose for every page, kept in this browser. */
export interface Preferences {
  readonly theme: Theme;
  /** Shows all times in UTC. */
  readonly isUtc: boolean;
  /** Whether single keys act; WCAG 2.1.4. */
  readonly hasKeys: boolean;
}

interface PreferencesAccess extends Preferences {
  readonly zone: ShownZone;
  readonly change: (part: Partial<Preferences>) => void;
}

const DEFAULTS: Preferences = { theme: 'system', isUtc: false, hasKeys: true };
const PreferencesContext = createContext<PreferencesAccess>({ ...DEFAULTS, zone: undefined, change: () => undefined });

/** Gives what the person chose, and how to change it. */
export function usePreferences(): PreferencesAccess {
  return useContext(PreferencesContext);
}

/** Keeps the preferences of this browser and paints the page by them. */
export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const [preferences, setPreferences] = useState(readPreferences);
  useEffect(() => {
    if (preferences.theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = preferences.theme;
    writePreferences(preferences);
  }, [preferences]);
  const access = useMemo<PreferencesAccess>(
    () => ({
      ...preferences,
      zone: preferences.isUtc ? 'UTC' : undefined,
      change: (part) => {
        setPreferences((before) => ({ ...before, ...part }));
      },
    }),
    [preferences],
  );
  return <PreferencesContext value={access}>{children}</PreferencesContext>;
}

function readPreferences(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORE_KEY) ?? '{}');
    return typeof stored === 'object' && stored !== null ? { ...DEFAULTS, ...knownOf(stored) } : DEFAULTS;
  } catch {
    // A browser that keeps nothing, or text that somebody else wrote there.
    return DEFAULTS;
  }
}

function knownOf(stored: object): Partial<Preferences> {
  const { theme, isUtc, hasKeys }: Partial<Record<keyof Preferences, unknown>> = stored;
  return {
    ...(theme === 'light' || theme === 'dark' ? { theme } : {}),
    ...(typeof isUtc === 'boolean' ? { isUtc } : {}),
    ...(typeof hasKeys === 'boolean' ? { hasKeys } : {}),
  };
}

function writePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(STORE_KEY, JSON.stringify(preferences));
  } catch {
    // Without a store the choice lasts as long as the page.
  }
}
