import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const DOORS = [
  'src/*/index.ts',
  'src/*/ui/index.ts',

  'src/platform/*/index.ts',
  'src/platform/*/api.ts',
  'src/platform/*/*/index.ts',
];
const doors = globSync(DOORS, { cwd: root }).sort();

/** Rooms of pure functions: there every exported function shows how it is called. */
const SHOWS_EXAMPLES = /^src\/(kernel|stats)\//;

const OPTIONS: ts.CompilerOptions = {
  ...ts.getDefaultCompilerOptions(),
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ES2024,
  jsx: ts.JsxEmit.ReactJSX,
  allowImportingTsExtensions: true,
  customConditions: ['source'],
  strict: true,
  noEmit: true,
  noLib: true,
  types: [],
};

interface Export {
  readonly name: string;
  readonly file: string;
  readonly declaration: ts.Declaration;
}

function exportsOf(program: ts.Program, door: string): readonly Export[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(root, door));
  const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (symbol === undefined) return [];
  return checker.getExportsOfModule(symbol).flatMap((exported) => {
    const target = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    return (target.declarations ?? [])
      .filter((declaration) => declaration.getSourceFile().fileName.startsWith(join(root, 'src')))
      .map((declaration) => ({
        name: exported.name,
        file: declaration.getSourceFile().fileName.slice(root.length),
        declaration,
      }));
  });
}

/** The node that carries the comment: a variable's comment stands before its statement. */
function commented(declaration: ts.Declaration): ts.Node {
  return ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
}

interface Comment {
  readonly text: string;
  readonly tags: readonly string[];
  readonly params: ReadonlySet<string>;
}

function commentOf(node: ts.Node): Comment | undefined {
  const docs = ts.getJSDocCommentsAndTags(node).filter((part) => ts.isJSDoc(part));
  const last = docs.at(-1);
  if (last === undefined) return undefined;
  const tags = last.tags ?? [];
  return {
    text: ts.getTextOfJSDocComment(last.comment) ?? '',
    tags: tags.map((tag) => tag.tagName.text),
    params: new Set(tags.flatMap((tag) => (ts.isJSDocParameterTag(tag) ? [tag.name.getText()] : []))),
  };
}

function functionOf(declaration: ts.Declaration): ts.SignatureDeclaration | undefined {
  if (ts.isFunctionDeclaration(declaration)) return declaration;
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return undefined;
  return ts.isArrowFunction(declaration.initializer) || ts.isFunctionExpression(declaration.initializer)
    ? declaration.initializer
    : undefined;
}

/** Says what is missing from the comment of an export. */
function problemsOf(exported: Export): readonly string[] {
  const comment = commentOf(commented(exported.declaration));
  if (comment === undefined || comment.text.trim().length < 8) return ['has no comment'];
  const signature = functionOf(exported.declaration);
  const problems = signature === undefined ? [] : signatureProblems(signature, comment, exported.file);
  return [...problems, ...memberProblems(exported.declaration)];
}

function signatureProblems(signature: ts.SignatureDeclaration, comment: Comment, file: string): readonly string[] {
  const unnamed = signature.parameters.filter(
    (parameter) => ts.isIdentifier(parameter.name) && !comment.params.has(parameter.name.text),
  );
  const problems = unnamed.map((parameter) => `has no @param ${parameter.name.getText()}`);
  if (!/^[A-Z][a-z]+s\b/.test(comment.text))
    problems.push(`begins with "${comment.text.split(' ')[0] ?? ''}"; say what it does in the third person`);
  const givesNothing = signature.type === undefined || /^(void|Promise<void>|never|asserts .*)$/.test(signature.type.getText());
  if (!givesNothing && !comment.tags.includes('returns') && !/\.tsx$/.test(file)) problems.push('has no @returns');
  if (SHOWS_EXAMPLES.test(file) && !comment.tags.includes('example')) problems.push('has no @example');
  return problems;
}

/** Members of an interface that can be called make it a port: each says what it does. */
function memberProblems(declaration: ts.Declaration): readonly string[] {
  if (!ts.isInterfaceDeclaration(declaration)) return [];
  const callable = declaration.members.filter((member) => ts.isMethodSignature(member));
  return callable.filter((member) => commentOf(member) === undefined).map((member) => `.${member.name.getText()} has no comment`);
}

function judge(paths: readonly string[], host?: ts.CompilerHost): readonly string[] {
  const program = ts.createProgram({
    rootNames: paths.map((path) => join(root, path)),
    options: OPTIONS,
    ...(host === undefined ? {} : { host }),
  });
  const found = paths.flatMap((door) => exportsOf(program, door));
  const problems = found.flatMap((exported) =>
    problemsOf(exported).map((problem) => `${exported.file}: ${exported.name} ${problem}`),
  );
  return [...new Set(problems)].sort();
}

describe('doors', () => {
  test('are found', () => {
    expect(doors).toContain('src/kernel/index.ts');
    expect(doors.length).toBeGreaterThan(5);
  });

  test('say what every export does, and what each callable member of a port does', () => {
    expect(judge(doors).join('\n')).toBe('');
  });

  test('name their exports one by one', () => {
    expect(doors.filter((door) => /^export \*/m.test(readFileSync(join(root, door), 'utf8')))).toEqual([]);
  });

  test('begin with what the room is for', () => {
    const silent = doors.filter(
      (door) => /\/index\.tsx?$/.test(door) && !/^\/\*\*[\s\S]*?@module[\s\S]*?\*\//.test(readFileSync(join(root, door), 'utf8')),
    );

    expect(silent).toEqual([]);
  });
});

describe('the judge of doors', () => {
  const planted = (text: string): readonly string[] => {
    const path = 'src/kernel/planted.ts';
    const host = ts.createCompilerHost(OPTIONS);
    const read = host.getSourceFile.bind(host);
    host.getSourceFile = (name, version, ...rest) =>
      name === join(root, path) ? ts.createSourceFile(name, text, version, true) : read(name, version, ...rest);
    return judge([path], host).map((problem) => problem.replace(`${path}: `, ''));
  };

  test.each([
    ['export const limit = 5;', 'limit has no comment'],
    ['/** Port of clocks. */\nexport interface Clock { nowMs(): number }', 'Clock .nowMs has no comment'],
    [
      '/** Gives half.\n * @returns Half.\n * @example none */\nexport function half(x: number): number { return x / 2; }',
      'half has no @param x',
    ],
    ['/** Gives five of them.\n * @example none */\nexport function five(): number { return 5; }', 'five has no @returns'],
    ['/** Gives five of them.\n * @returns Five. */\nexport function five(): number { return 5; }', 'five has no @example'],
    [
      '/** Return five of them.\n * @returns Five.\n * @example none */\nexport function five(): number { return 5; }',
      'five begins with "Return"; say what it does in the third person',
    ],
  ])('refuses %j', (text, problem) => {
    expect(planted(text)).toEqual([problem]);
  });

  test('lets a documented export pass', () => {
    expect(
      planted(
        '/** Gives half.\n * @param x - Any.\n * @returns Half.\n * @example none */\nexport const half = (x: number): number => x / 2;',
      ),
    ).toEqual([]);
  });
});
