import { didYouMean, GyreError } from '#kernel';

/**
 * The joints of the platform at which a crash is worth trying, in the order in which a write passes them.
 * A slice lists its own beside its code; `main` hands all lists to {@link createFailpoints}.
 */
export const PLATFORM_FAILPOINTS = [
  'sql/before-commit',
  'sql/after-commit',
  'blobs/before-rename',
  'blobs/after-rename',
  'events/before-consume',
  'events/after-consume',
  'machine/after-claim',
  'machine/before-effect',
  'machine/after-effect',
  'machine/before-completion',
  'machine/after-completion',
  'machine/before-timer',
  'machine/after-timer',
  'http/key-claimed',
  'http/change-made',
  'http/answer-kept',
  'audit/before-checkpoint',
  'audit/after-checkpoint',
] as const;

/** Named places where a test may stop the process. Law: does nothing unless the process was started to fail at that very name. */
export interface Failpoints {
  /** Says that the named joint is reached; await it where possible. */
  hit(name: string): void | Promise<void>;
}

/** Failpoints that never fail: what every server has unless it is told otherwise. */
export const NO_FAILPOINTS: Failpoints = { hit: () => undefined };

/**
 * Makes failpoints of which one ends the process.
 *
 * @param options - `spec`: `name` or `name:n`, the n-th hit counts, from 1; undefined or empty for none. `known`: every name there is.
 * `crash`: ends the process at once, as a kill would.
 * @returns The failpoints.
 * @throws {@link GyreError} `failpoint/unknown` for a name that is not known, or a count that is not a positive whole number.
 * @example
 * ```ts
 * createFailpoints({ spec: undefined, known: ['a/b'], crash: () => undefined }) === NO_FAILPOINTS; // => true
 * ```
 */
export function createFailpoints(options: {
  readonly spec: string | undefined;
  readonly known: readonly string[];
  readonly crash: () => void;
}): Failpoints {
  const { spec, known, crash } = options;
  if (spec === undefined || spec === '') return NO_FAILPOINTS;
  const target = parseSpec(spec, known);
  let left = target.count;
  return {
    hit: (name) => {
      if (name !== target.name) return;
      left -= 1;
      if (left === 0) crash();
    },
  };
}

function parseSpec(spec: string, known: readonly string[]): { readonly name: string; readonly count: number } {
  const [name = '', countText = '1'] = spec.split(':');
  const count = Number(countText);
  if (known.includes(name) && Number.isSafeInteger(count) && count > 0) return { name, count };
  throw new GyreError({
    kind: 'invalid',
    code: 'failpoint/unknown',
    message: `"${spec}" names no failpoint; expected NAME or NAME:N with N from 1${didYouMean(name, known)}`,
  });
}
