/** A number of places that are given out in the order of asking. */
export interface Slots {
  /** Waits for a place; gives false, and no place, when the signal comes first. */
  take(signal: AbortSignal): Promise<boolean>;
  give(): void;
}

/**
 * Makes places.
 *
 * @param count - How many, from 1.
 * @returns The places, all free.
 */
export function createSlots(count: number): Slots {
  const waiting = new Set<(isTaken: boolean) => void>();
  let free = count;
  return {
    take: (signal) => {
      if (signal.aborted) return Promise.resolve(false);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const leave = (): void => settle(false);
        const settle = (isTaken: boolean): void => {
          waiting.delete(settle);
          signal.removeEventListener('abort', leave);
          resolve(isTaken);
        };
        signal.addEventListener('abort', leave, { once: true });
        waiting.add(settle);
      });
    },
    give: () => {
      const [next] = waiting;
      if (next === undefined) free += 1;
      else next(true);
    },
  };
}
