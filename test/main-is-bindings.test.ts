import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { Action, Health, TurnOutcome, Verdict, WorkState } from '#kernel';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = globSync('src/main/**/*.{ts,tsx}', { cwd: root, exclude: ['**/*.test.ts', '**/*.test.tsx'] });

const LONGEST_FILE = 200;
const MOST_BRANCHES_OF_A_FUNCTION = 8;

/** Values of the domain: the composition root binds rooms together and decides nothing about them. */
const DOMAIN_WORDS: ReadonlySet<string> = new Set([
  ...Verdict,
  ...Action,
  ...Health,
  ...TurnOutcome,
  ...WorkState,
  ...[
    'champion',
    'challenger',
    'baseline',
    'canary',
    'shadow',
    'drift',
    'binary',
    'regression',
    'auc',
    'log-loss',
    'replay',
    'flights',
  ],
]);

/** Says what a file does that a composition root must not do. */
function decisionsIn(path: string, text: string): readonly string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const problems: string[] = [];
  const nLines = text.split('\n').length - 1;
  if (nLines > LONGEST_FILE) problems.push(`${String(nLines)} lines; at most ${String(LONGEST_FILE)}`);
  const look = (node: ts.Node): void => {
    const line = `line ${String(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)}`;
    if (ts.isSwitchStatement(node)) problems.push(`${line}: a switch decides; bind a table or let the room decide`);
    const word = comparedWord(node);
    if (word !== undefined && DOMAIN_WORDS.has(word)) problems.push(`${line}: branches on the domain value "${word}"`);
    if (ts.isFunctionLike(node) && branchesOf(node) > MOST_BRANCHES_OF_A_FUNCTION)
      problems.push(`${line}: a function with ${String(branchesOf(node))} branches`);
    ts.forEachChild(node, look);
  };
  look(source);
  return problems.map((problem) => `${path}: ${problem}`);
}

function comparedWord(node: ts.Node): string | undefined {
  if (!ts.isBinaryExpression(node)) return undefined;
  const isComparison = [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken].includes(
    node.operatorToken.kind,
  );
  const literal = [node.left, node.right].find((side) => ts.isStringLiteralLike(side));
  return isComparison && literal !== undefined && ts.isStringLiteralLike(literal) ? literal.text : undefined;
}

/** Branches of a function itself, without the functions inside it. */
function branchesOf(declaration: ts.Node): number {
  let count = 0;
  const look = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (
      ts.isIfStatement(node) ||
      ts.isConditionalExpression(node) ||
      ts.isIterationStatement(node, false) ||
      ts.isCatchClause(node)
    )
      count += 1;
    ts.forEachChild(node, look);
  };
  ts.forEachChild(declaration, look);
  return count;
}

describe('the composition root', () => {
  test('binds and decides nothing', () => {
    const problems = files.flatMap((path) => decisionsIn(path, readFileSync(join(root, path), 'utf8')));

    expect(problems).toEqual([]);
  });

  test.each([
    ['a switch', 'export function f(x: string) { switch (x) { case "a": return 1; default: return 2; } }'],
    ['a verdict', 'export const f = (verdict: string) => verdict === "pass";'],
    ['a long file', '\n'.repeat(LONGEST_FILE + 2)],
    [
      'many branches',
      `export function f(x: number) { ${'if (x > 1) x += 1; '.repeat(MOST_BRANCHES_OF_A_FUNCTION + 1)} return x; }`,
    ],
  ])('is refused %s', (_name, text) => {
    expect(decisionsIn('src/main/planted.ts', text)).toHaveLength(1);
  });

  test('may read flags and bind tables', () => {
    expect(decisionsIn('src/main/planted.ts', 'export const f = (a: string) => (a === "--json" ? { a } : { b: 1 });')).toEqual(
      [],
    );
  });
});
