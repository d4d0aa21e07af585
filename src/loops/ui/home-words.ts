import { nounText, statusWord } from '#web';
import type { HomeBody, HomeRowBody } from '../api.ts';

/** Health words in the order in which they are told. */
const ORDER = ['healthy', 'at risk', 'undecided', 'failing'];

/** How many models have which health. */
export interface HealthCount {
  readonly health: string;
  readonly count: number;
}

/** Counts the models by health; a health that no model has is left out. */
export function healthCounts(rows: readonly HomeRowBody[]): readonly HealthCount[] {
  const known = ORDER.map((health) => ({ health, count: rows.filter((row) => row.health === health).length }));
  return known.filter(({ count }) => count > 0);
}

/** Answers the home screen's question in one sentence: how the models are, and what needs a person. */
export function homeSentence(home: HomeBody): string {
  const needs = needsSentence(home.needsYou.length);
  if (home.rows.length === 0) return `No model is served yet; ${needs}`;
  const counts = healthCounts(home.rows);
  const only = counts.length === 1 ? counts[0] : undefined;
  if (only !== undefined) return `${allWords(only)}; ${needs}`;
  return `${counts.map(({ health, count }) => `${String(count)} ${statusWord(health)}`).join(', ')}; ${needs}`;
}

function allWords({ health, count }: HealthCount): string {
  if (count === 1) return `The one model is ${health}`;
  return `All ${String(count)} models are ${health}`;
}

function needsSentence(count: number): string {
  if (count === 0) return 'nothing needs you.';
  return `${nounText(count, 'thing')} ${count === 1 ? 'needs' : 'need'} you.`;
}
