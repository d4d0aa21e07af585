import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, [light, dark] as const],
  ),
);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const channel = (from: number): number => {
    const share = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function worst(name: string, grounds: readonly string[]): number {
  const colours = tokens.get(name) ?? ['#000000', '#000000'];
  return Math.min(
    ...grounds.flatMap((ground) => colours.map((colour, index) => contrast(colour, tokens.get(ground)?.[index] ?? colour))),
  );
}

describe('the colours', () => {
  it('are all there', () => {
    expect(tokens.size).toBe(20);
  });

  it.each(['text', 'muted', 'accent', 'ok', 'warn', 'fail', 'running'])(
    'of %s can be read on every ground, in light and dark',
    (name) => {
      expect(worst(name, ['bg', 'surface', 'raised'])).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('of controls can be seen on every ground', () => {
    expect(worst('control', ['bg', 'surface', 'raised'])).toBeGreaterThanOrEqual(3);
  });

  it.each(Array.from({ length: 8 }, (_, index) => `data-${String(index + 1)}`))(
    'of series %s can be read on page and card',
    (name) => {
      expect(worst(name, ['bg', 'surface'])).toBeGreaterThanOrEqual(4.5);
    },
  );
});

describe('the sheets', () => {
  it('name no colour outside the tokens, but for shadows', () => {
    const sheets = [
      'base.css',
      'shell.css',
      'parts.css',
      'tables-and-charts.css',
      'dialogs.css',
      'forced-colors.css',
      '../loops/ui/loops.css',
    ];
    const found = sheets.flatMap((sheet) =>
      readFileSync(new URL(`./${sheet}`, import.meta.url), 'utf8')
        .split('\n')
        .filter((line) => /#[0-9a-f]{3,8}\b|rgb\(|hsl\(/i.test(line)),
    );

    expect(found.map((line) => line.trim())).toEqual(['background: rgb(8 10 14 / 45%);']);
  });
});
