import { describe, expect, it } from 'vitest';
import { createKeyReader } from './keys.ts';
import { matchItems } from './palette-match.ts';
import { parseView, viewText } from './screen.ts';
import { steadyList } from './steady-list.ts';

const KNOWN = new Set(['j', 'g h', 'g t', '?']);

describe('a reader of shortcuts', () => {
  it('knows single keys and two keys one after the other', () => {
    const reader = createKeyReader();

    expect(reader.press('j', 0, KNOWN)).toBe('j');
    expect(reader.press('g', 10, KNOWN)).toBeUndefined();
    expect(reader.press('h', 200, KNOWN)).toBe('g h');
  });

  it('forgets the first key after a while, and after a key that does not follow it', () => {
    const reader = createKeyReader();
    reader.press('g', 0, KNOWN);

    expect(reader.press('h', 5000, KNOWN)).toBeUndefined();
    reader.press('g', 6000, KNOWN);
    expect(reader.press('j', 6100, KNOWN)).toBe('j');
    expect(reader.press('h', 6200, KNOWN)).toBeUndefined();
  });
});

describe('the palette', () => {
  it('finds every word anywhere, those that begin with it first', () => {
    const found = matchItems(['View Light', 'Go to Home', 'Home of turns'], 'ho', (text) => text);

    expect(found).toEqual(['Home of turns', 'Go to Home']);
    expect(matchItems(['Go to Home'], 'to ho', (text) => text)).toEqual(['Go to Home']);
    expect(matchItems(['Go to Home'], 'turn', (text) => text)).toEqual([]);
  });
});

describe('the view in the address', () => {
  it('comes back as it was written, without what is not set', () => {
    const text = viewText({ stage: 'gate', evidence: '1', q: '', sel: undefined });

    expect(text).toBe('?stage=gate&evidence=1');
    expect(parseView(text)).toEqual({ stage: 'gate', evidence: '1' });
    expect(viewText({})).toBe('');
  });
});

describe('a steady list', () => {
  const items = [
    { id: 'c', n: 3 },
    { id: 'b', n: 2 },
    { id: 'a', n: 9 },
  ];

  it('shows everything while nobody is on it', () => {
    expect(steadyList(undefined, items, (item) => item.id)).toEqual({ shown: items, waiting: 0 });
  });

  it('lets rows change in place and new ones wait while somebody is', () => {
    const held = steadyList(['b', 'a'], items, (item) => item.id);

    expect(held.shown.map((item) => item.n)).toEqual([2, 9]);
    expect(held.waiting).toBe(1);
  });
});
