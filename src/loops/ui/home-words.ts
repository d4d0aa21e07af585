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

/** One part of the answer: words, and the health whose shape stands before them. */
export interface AnswerPart {
  readonly text: string;
  readonly health?: string;
}

/** Answers the home screen's question: how the models are, part by part, and what needs a person. */
export function homeAnswer(home: HomeBody): readonly AnswerPart[] {
  const counts = healthCounts(home.rows);
  const needs = { text: needsWords(home.needsYou.length) };
  if (counts.length === 0) return [{ text: 'No model is served yet;' }, needs];
  if (counts.length === 1) return [...counts.map(allWords), needs];
  const parts = counts.map(({ health, count }, index) => ({
    text: `${String(count)} ${statusWord(health)}${index < counts.length - 1 ? ',' : ';'}`,
    health,
  }));
  return [...parts, needs];
}

/** Gives the same answer as one sentence. */
export function homeSentence(home: HomeBody): string {
  return homeAnswer(home)
    .map((part) => part.text)
    .join(' ');
}

function allWords({ health, count }: HealthCount): AnswerPart {
  const text = count === 1 ? `The one model is ${health};` : `All ${String(count)} models are ${health};`;
  return { text, health };
}

function needsWords(count: number): string {
  if (count === 0) return 'nothing needs you.';
  return `${nounText(count, 'thing')} ${count === 1 ? 'needs' : 'need'} you.`;
}
