import { useIsFetching } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import { useActions } from './actions.tsx';
import { KeyMap } from './key-map.tsx';
import { LiveBar } from './live-bar.tsx';
import { useNow } from './now.tsx';
import { Palette } from './palette.tsx';
import { type Theme, usePreferences } from './preferences.tsx';
import { type NavigationEntry, useGo } from './screen.ts';
import { offsetText, zoneOffsetMinutes } from './time-text.ts';

/** What slices put into the frame around every screen. */
export interface ShellSlots {
  /** Gives the entries of the rail, in the order of the loop. */
  readonly useNavigation: () => readonly NavigationEntry[];
  /** Stands at the start of the header: which project this is. */
  readonly project: ComponentType;
}

/** The frame around every screen: skip link, header, rail, and the screen itself. */
export function Shell({ slots }: { readonly slots: ShellSlots }) {
  const [dialog, setDialog] = useState<'palette' | 'keys' | undefined>(undefined);
  const entries = slots.useNavigation();
  useShellActions(entries, () => {
    setDialog('keys');
  });
  const show = (name: 'palette' | 'keys') => (isOpen: boolean) => {
    setDialog(isOpen ? name : undefined);
  };
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header slots={slots} onPalette={() => setDialog('palette')} onKeys={() => setDialog('keys')} />
      <Rail entries={entries} />
      <Main />
      <Palette isOpen={dialog === 'palette'} onOpenChange={show('palette')} />
      <KeyMap isOpen={dialog === 'keys'} onOpenChange={show('keys')} />
    </div>
  );
}

function useShellActions(entries: readonly NavigationEntry[], showKeys: () => void): void {
  const go = useGo();
  const { isUtc, change } = usePreferences();
  useActions([
    ...entries.map((entry) => ({
      label: entry.label,
      group: 'Go to',
      keys: `g ${entry.key}`,
      run: () => {
        go(entry.path);
      },
    })),
    { label: isUtc ? 'Times in my zone' : 'Times in UTC', group: 'View', run: () => change({ isUtc: !isUtc }) },
    { label: 'Light colours', group: 'View', run: () => change({ theme: 'light' }) },
    { label: 'Dark colours', group: 'View', run: () => change({ theme: 'dark' }) },
    { label: 'Colours of the system', group: 'View', run: () => change({ theme: 'system' }) },
    { label: 'Keys of this page', group: 'View', keys: '?', run: showKeys },
  ]);
}

function Header(props: { readonly slots: ShellSlots; readonly onPalette: () => void; readonly onKeys: () => void }) {
  const ProjectSlot = props.slots.project;
  return (
    <header className="header">
      <Link to="/" className="brand" aria-label="Gyre, home">
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
          <path d="M10.6 10.4a1.3 1.3 0 1 0-1.9-1.1 3.4 3.4 0 1 0 5-2.9 5.8 5.8 0 1 0-.6 9.4 8.2 8.2 0 0 0 3.7-8.6" />
        </svg>
        <span>Gyre</span>
      </Link>
      <ProjectSlot />
      <div className="header-tools">
        <button type="button" className="tool search-tool" onClick={props.onPalette} aria-keyshortcuts="Meta+K Control+K">
          <span>Go to or do</span> <kbd>⌘K</kbd>
        </button>
        <ZoneTool />
        <ThemeTool />
        <button type="button" className="tool" onClick={props.onKeys} aria-label="Keys of this page" aria-keyshortcuts="?">
          ?
        </button>
      </div>
    </header>
  );
}

function ZoneTool() {
  const { isUtc, zone, change } = usePreferences();
  const nowMs = useNow();
  return (
    <button
      type="button"
      className="tool number"
      aria-pressed={isUtc}
      aria-label={`Times in UTC; now shown in ${offsetText(zoneOffsetMinutes(nowMs, zone))}`}
      onClick={() => {
        change({ isUtc: !isUtc });
      }}
    >
      {offsetText(zoneOffsetMinutes(nowMs, zone))}
    </button>
  );
}

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICONS: Readonly<Record<Theme, string>> = {
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
  light: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  dark: 'M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3',
};

function ThemeTool() {
  const { theme, change } = usePreferences();
  return (
    <button
      type="button"
      className="tool"
      aria-label={`Colours: ${theme}; switch to ${NEXT_THEME[theme]}`}
      title={`Colours: ${theme}`}
      onClick={() => {
        change({ theme: NEXT_THEME[theme] });
      }}
    >
      <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
        <path d={THEME_ICONS[theme]} />
      </svg>
    </button>
  );
}

function Rail({ entries }: { readonly entries: readonly NavigationEntry[] }) {
  const { pathname } = useLocation();
  const isHere = (path: string): boolean => (path === '/' ? pathname === '/' : pathname.startsWith(path));
  return (
    <nav className="rail" aria-label="Screens">
      <ul>
        {entries.map((entry) => (
          <li key={entry.path}>
            <Link to={entry.path} aria-current={isHere(entry.path) ? 'page' : undefined}>
              <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <path d={entry.icon} />
              </svg>
              <span>{entry.label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Main() {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const before = useRef(pathname);
  const isReading = useIsFetching() > 0;
  useEffect(() => {
    // A screen reader goes on at the new screen; the first one is read from the top anyway.
    if (before.current !== pathname) main.current?.focus();
    before.current = pathname;
  }, [pathname]);
  return (
    <main className="main" id="main" tabIndex={-1} ref={main}>
      <div className="reading-bar" data-on={isReading} />
      <LiveBar />
      <Outlet />
    </main>
  );
}
