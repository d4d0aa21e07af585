import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { TEST_FILE } from './architecture/vocabulary.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const isTest = new RegExp(TEST_FILE);
const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((path) => !path.startsWith('src/demo/') && !isTest.test(path));

/** Names of the demo's world in code; a comment may give an example from it. */
function demoWordsIn(text: string): readonly string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/\b(flights|airports?|airlines?|tailnum|vega-datasets)\b/gi)].map((match) => match[0]);
}

describe('the demo', () => {
  test('is the only room that names its world', () => {
    const naming = files.flatMap((path) => {
      const words = demoWordsIn(readFileSync(join(root, path), 'utf8'));
      return words.length === 0 ? [] : [`${path}: ${[...new Set(words)].join(', ')}`];
    });

    expect(files.length).toBeGreaterThan(10);
    expect(naming).toEqual([]);
  });

  test('is found by the judge', () => {
    expect(demoWordsIn("if (project === 'flights') return;\n// an airport\n/* of flights */")).toEqual(['flights']);
  });
});
