/** Shape that carries a status; colour only repeats it. */
export type StatusShape = 'ok' | 'warn' | 'fail' | 'running' | 'undecided' | 'waived' | 'waiting';

/** Every status word there is, and its shape. Other words are shown as undecided. */
const SHAPES: Readonly<Record<string, StatusShape>> = {
  // health
  healthy: 'ok',
  'at risk': 'warn',
  failing: 'fail',
  undecided: 'undecided',
  // verdicts
  pass: 'ok',
  fail: 'fail',
  waived: 'waived',
  // work
  queued: 'waiting',
  running: 'running',
  done: 'ok',
  failed: 'fail',
  cancelled: 'undecided',
  skipped: 'undecided',
  // turns and their stages
  open: 'running',
  waiting: 'waiting',
  never: 'waiting',
  promoted: 'ok',
  held: 'warn',
  'rolled-back': 'fail',
  rejected: 'fail',
  aborted: 'fail',
  // actions
  promote: 'ok',
  hold: 'warn',
  'roll back': 'fail',
  // what needs a person
  approval: 'waiting',
  alert: 'warn',
  failure: 'fail',
};

/**
 * Gives the shape of a status word.
 *
 * @param word - A status word of the glossary.
 * @returns Its shape; that of undecided for any other word.
 */
export function statusShape(word: string): StatusShape {
  return SHAPES[word] ?? 'undecided';
}

/**
 * Gives a status word as it is read: `rolled back`.
 *
 * @param word - A status word of the glossary.
 * @returns The word with spaces; `undecided` for an empty one.
 */
export function statusWord(word: string): string {
  return word === '' ? 'undecided' : word.replaceAll('-', ' ');
}
