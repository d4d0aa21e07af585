import type { TurnSummaryBody } from '../api.ts';

/** Gives the turns that have every word of the filter somewhere in what the list shows. */
export function matchTurns(turns: readonly TurnSummaryBody[], filter: string): readonly TurnSummaryBody[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return turns;
  return turns.filter((turn) => {
    const { outcome, reason, loop, endpoint, trigger, stage } = turn;
    const text = [`turn ${String(turn.number)}`, outcome.replace('-', ' '), reason, loop, endpoint, trigger, stage];
    const shown = text.join(' ').toLowerCase();
    return words.every((word) => shown.includes(word));
  });
}
