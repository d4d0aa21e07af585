/** Runs work one at a time for each key, in the order of the calls. */
export interface Turns {
  /** Waits for the key's turn, then works. */
  take<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Makes turns without any key taken. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    take: (key, work) => {
      const turn = (last.get(key) ?? Promise.resolve()).then(work);
      const settled = turn
        .catch(() => undefined)
        .then(() => {
          if (last.get(key) === settled) last.delete(key);
        });
      last.set(key, settled);
      return turn;
    },
  };
}
