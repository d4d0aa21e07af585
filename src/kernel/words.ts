/** What a gate, check or guard found. Missing or too little evidence is `undecided`, never `pass`. */
export const Verdict = ['pass', 'fail', 'undecided', 'waived'] as const;
/** One verdict; see {@link Verdict} for the whole set. */
export type Verdict = (typeof Verdict)[number];

/** What a decision does. */
export const Action = ['promote', 'hold', 'roll back'] as const;
/** One action; see {@link Action} for the whole set. */
export type Action = (typeof Action)[number];

/** How a served model is. */
export const Health = ['healthy', 'at risk', 'failing', 'undecided'] as const;
/** One health; see {@link Health} for the whole set. */
export type Health = (typeof Health)[number];

/** How a turn of the loop ended, or `open`. */
export const TurnOutcome = ['open', 'promoted', 'held', 'rolled-back', 'rejected', 'aborted', 'failed'] as const;
/** One turn outcome; see {@link TurnOutcome} for the whole set. */
export type TurnOutcome = (typeof TurnOutcome)[number];

/** State of a piece of work (a run, a step, an operation). */
export const WorkState = ['queued', 'running', 'done', 'failed', 'cancelled', 'skipped'] as const;
/** One work state; see {@link WorkState} for the whole set. */
export type WorkState = (typeof WorkState)[number];
