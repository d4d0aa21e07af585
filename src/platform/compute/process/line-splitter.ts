import { StringDecoder } from 'node:string_decoder';

/** Longer lines are cut here; the rest up to the line's end is dropped. */
const LONGEST_LINE = 64 * 1024;

/** Makes lines out of chunks. */
export interface LineSplitter {
  push(chunk: Uint8Array): void;
  /** Gives the last line, if it had no end. */
  end(): void;
}

/**
 * Makes a splitter.
 *
 * @param onLine - Called with each whole line without its end, at most 64 Ki characters and a note that it was cut.
 * @returns The splitter.
 */
export function createLineSplitter(onLine: (text: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let held = '';
  let isCut = false;

  const finish = (text: string): void => {
    if (!isCut) onLine(text.endsWith('\r') ? text.slice(0, -1) : text);
    isCut = false;
  };
  const keep = (text: string): void => {
    held = isCut ? '' : text;
    if (held.length <= LONGEST_LINE) return;
    onLine(`${held.slice(0, LONGEST_LINE)} [line cut at 64 KiB]`);
    held = '';
    isCut = true;
  };
  const take = (text: string): void => {
    const parts = (held + text).split('\n');
    const rest = parts.pop() ?? '';
    for (const part of parts) {
      // A whole line may be too long as well: `keep` says so, and `finish` then drops it.
      if (part.length > LONGEST_LINE) keep(part);
      finish(part);
    }
    keep(rest);
  };
  return {
    push: (chunk) => take(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))),
    end: () => {
      take(decoder.end());
      if (held !== '') finish(held);
      held = '';
    },
  };
}
