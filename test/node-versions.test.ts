import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const FILES = ['bin/gyre.mjs', 'bin/clone.mjs', 'bin/bootstrap.mjs'];

const LOGICAL_ASSIGNMENTS = [
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
];

const isInFunction = (node: ts.Node): boolean => ts.findAncestor(node, (ancestor) => ts.isFunctionLike(ancestor)) !== undefined;

/** Syntax that Node 14 cannot parse; whoever has it must still be told what to do. */
const NEW_SYNTAX: Readonly<Record<string, (node: ts.Node) => boolean>> = {
  'logical assignment': (node) => ts.isBinaryExpression(node) && LOGICAL_ASSIGNMENTS.includes(node.operatorToken.kind),
  'private member': (node) => ts.isPrivateIdentifier(node) || ts.isClassStaticBlockDeclaration(node),
  'top-level await': (node) => ts.isAwaitExpression(node) && !isInFunction(node),
  'import attributes': (node) => ts.isImportDeclaration(node) && node.attributes !== undefined,
};

function newSyntaxIn(text: string): readonly string[] {
  const source = ts.createSourceFile('file.mjs', text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    found.push(...Object.keys(NEW_SYNTAX).filter((name) => NEW_SYNTAX[name]?.(node) === true));
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

describe('the programs that start Gyre', () => {
  test.each(FILES)('%s can be parsed by Node 14', (path) => {
    const text = readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');

    expect(newSyntaxIn(text)).toEqual([]);
  });

  test.each(['a ??= 1;', 'class A { #b = 1; }', 'await go();', "import a from './a.json' with { type: 'json' };"])(
    'would be refused: %s',
    (text) => {
      expect(newSyntaxIn(text)).not.toEqual([]);
    },
  );
});
