/** Longest pause between the two keys of a sequence such as `g h`. */
const SEQUENCE_MS = 1200;

/** Reads keys one by one and tells which shortcut they complete. */
export interface KeyReader {
  /** Takes a key and gives the shortcut that it completed, such as `j` or `g h`; undefined when none. */
  press(key: string, timeMs: number, known: ReadonlySet<string>): string | undefined;
}

/** Makes a reader of shortcuts: single keys, and two keys one after the other. */
export function createKeyReader(): KeyReader {
  let first: { readonly key: string; readonly timeMs: number } | undefined;
  return {
    press: (key, timeMs, known) => {
      const before = first;
      first = undefined;
      if (before !== undefined && timeMs - before.timeMs <= SEQUENCE_MS) {
        const pair = `${before.key} ${key}`;
        if (known.has(pair)) return pair;
      }
      if (known.has(key)) return key;
      if ([...known].some((shortcut) => shortcut.startsWith(`${key} `))) first = { key, timeMs };
      return undefined;
    },
  };
}

/** Tells whether a key belongs to what has the focus: a field takes letters, so no shortcut may. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
