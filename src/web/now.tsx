import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

const TICK_MS = 20_000;

const NowContext = createContext(0);

/** Gives the time by which the page says how long ago something was; it moves every 20 seconds. */
export function useNow(): number {
  return useContext(NowContext);
}

/** Moves the time of the page. */
export function NowProvider({ children }: { readonly children: ReactNode }) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNowMs(Date.now());
    }, TICK_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return <NowContext value={nowMs}>{children}</NowContext>;
}
