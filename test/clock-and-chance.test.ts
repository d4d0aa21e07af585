import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { BROWSER_FILE, TEST_FILE } from './architecture/vocabulary.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The adapters of the clock, the browser (whose wall is the reader's) and the demo (a program of its own). */
const MAY_ASK = [/^src\/platform\/clock\//, /^src\/demo\//, new RegExp(BROWSER_FILE), new RegExp(TEST_FILE)];

const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((path) => !MAY_ASK.some((pattern) => pattern.test(path)));

/** Finds where a source asks the machine for the time or for chance, instead of a port. */
function questionsIn(path: string, text: string): readonly string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    const question = questionOf(node);
    if (question !== undefined)
      found.push(`${path}:${String(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)} ${question}`);
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

function questionOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText();
    return text === 'Date.now' || text === 'Math.random' ? text : undefined;
  }
  if (!ts.isNewExpression(node)) return undefined;
  return node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0 ? 'new Date()' : undefined;
}

describe('time and chance', () => {
  test('are handed in: no room asks the machine', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(files.flatMap((path) => questionsIn(path, readFileSync(join(root, path), 'utf8')))).toEqual([]);
  });

  test.each(['const t = Date.now();', 'const now = Date.now;', 'const r = Math.random();', 'const d = new Date();'])(
    'are missed in: %s',
    (text) => {
      expect(questionsIn('src/data/planted.ts', text)).toHaveLength(1);
    },
  );

  test('may be computed with', () => {
    expect(
      questionsIn('src/data/planted.ts', 'const d = new Date(timeMs); const m = Math.floor(1.5); const p = Date.parse(t);'),
    ).toEqual([]);
  });
});
