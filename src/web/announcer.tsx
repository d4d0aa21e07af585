import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';

/** Screen readers are told something at most this often. */
const LEAST_PAUSE_MS = 5000;

const AnnounceContext = createContext<(text: string) => void>(() => undefined);

/** Gives the voice of the page: what is said is heard by screen readers, politely, and shown nowhere. */
export function useAnnounce(): (text: string) => void {
  return useContext(AnnounceContext);
}

/**
 * Says a status word when it changes, not when it first appears.
 *
 * @param text - Words to say; undefined while they are not known.
 */
export function useAnnounceChange(text: string | undefined): void {
  const announce = useAnnounce();
  const before = useRef(text);
  useEffect(() => {
    if (text !== undefined && before.current !== undefined && before.current !== text) announce(text);
    before.current = text;
  }, [text, announce]);
}

/** Holds the one live region of the page; of several sentences in a short time the last one is said. */
export function AnnouncerProvider({ children }: { readonly children: ReactNode }) {
  const [spoken, setSpoken] = useState('');
  const waiting = useRef<{ text: string; timer: ReturnType<typeof setTimeout> | undefined; lastMs: number }>({
    text: '',
    timer: undefined,
    lastMs: 0,
  });
  const announce = useCallback((text: string) => {
    const state = waiting.current;
    state.text = text;
    if (state.timer !== undefined) return;
    const pauseMs = Math.max(0, state.lastMs + LEAST_PAUSE_MS - Date.now());
    state.timer = setTimeout(() => {
      state.timer = undefined;
      state.lastMs = Date.now();
      setSpoken(state.text);
    }, pauseMs);
  }, []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className="unseen" role="status" aria-live="polite">
        {spoken}
      </div>
    </AnnounceContext>
  );
}
