import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const FILES = ['bin/gyre.mjs', 'bin/clone.mjs', 'bin/bootstrap.mjs'];

/** Syntax that Node 14 cannot parse; whoever has it must still be told what to do. */
function newSyntaxIn(text: string): readonly string[] {
  const source = ts.createSourceFile('file.mjs', text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const found: string[] = [];
  const logicalAssignments = [
    ts.SyntaxKind.QuestionQuestionEqualsToken,
    ts.SyntaxKind.BarBarEqualsToken,
    ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ];
  const look = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && logicalAssignments.includes(node.operatorToken.kind)) found.push('logical assignment');
    if (ts.isPrivateIdentifier(node) || ts.isClassStaticBlockDeclaration(node)) found.push('class member');
    if (ts.isNumericLiteral(node) && node.getText().includes('_')) found.push('numeric separator in an old place');
    if (ts.isAwaitExpression(node) && !isInFunction(node)) found.push('top-level await');
    if (ts.isImportDeclaration(node) && node.attributes !== undefined) found.push('import attributes');
    if (ts.isRegularExpressionLiteral(node) && /\/[a-z]*[dv][a-z]*$/.test(node.text)) found.push('regular expression flag');
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

function isInFunction(node: ts.Node): boolean {
  return ts.findAncestor(node, (ancestor) => ts.isFunctionLike(ancestor)) !== undefined;
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
