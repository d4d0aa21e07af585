import { existsSync, globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Example {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

type Names = Readonly<Record<string, unknown>>;

const ASSERTION = /^(\s*)(.+?);?\s*\/\/ => (.+)$/;
const IMPORT = /^import \{([^}]+)\} from '([^']+)';$/gm;

/** Finds the `ts` fences of a file: in the doc comments of source, or in the prose of a document. */
function examplesOf(file: string, text: string): readonly Example[] {
  const isSource = /\.tsx?$/.test(file);
  const fence = isSource ? /^[ \t]*\* ```ts\n([\s\S]*?)^[ \t]*\* ```/gm : /^```ts\n([\s\S]*?)^```/gm;
  return [...text.matchAll(fence)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    code: isSource ? (match[1] ?? '').replace(/^[ \t]*\* ?/gm, '') : (match[1] ?? ''),
  }));
}

/** Makes a program of an example: `expr; // => literal` becomes a check, imports become awaits. */
function programOf(code: string): string {
  const body = code
    .replace(IMPORT, (_all, names: string, from: string) => `const {${names.replaceAll(' as ', ': ')}} = await load('${from}');`)
    .split('\n')
    .map(checkedLine);
  return stripTypeScriptTypes(body.join('\n'), { mode: 'strip' });
}

function checkedLine(line: string): string {
  const [, indent = '', expression = '', literal = ''] = ASSERTION.exec(line) ?? [];
  if (expression === '') return line;
  const name = /^(?:const|let) (\w+)/.exec(expression)?.[1];
  const statement = name === undefined ? '' : `${expression}; `;
  return `${indent}${statement}check(${name ?? `(${expression})`}, (${literal}));`;
}

/** The door of a source file: the nearest `index.ts` above it. */
function doorOf(file: string): string | undefined {
  for (let folder = dirname(file); folder !== 'src' && folder !== '.'; folder = dirname(folder)) {
    if (existsSync(join(root, folder, 'index.ts'))) return `${folder}/index.ts`;
  }
  return undefined;
}

async function load(specifier: string): Promise<Names> {
  const path = specifier === 'gyre/client' ? '#client' : specifier;
  // What an example imports is known by name only.
  return (await import(/* @vite-ignore */ path.startsWith('src/') ? pathToFileURL(join(root, path)).href : path)) as Names;
}

/** What an example in a source file may use: the kernel, all of its door, and the file itself. */
async function namesFor(file: string): Promise<Names> {
  const door = doorOf(file);
  return { ...(await load('#kernel')), ...(door === undefined ? {} : await load(door)), ...(await load(file)) };
}

async function runExample(example: Example): Promise<number> {
  let nChecks = 0;
  const check = (actual: unknown, expected: unknown): void => {
    nChecks += 1;
    expect(actual).toEqual(expected);
  };
  const names: Names = /\.tsx?$/.test(example.file) ? await namesFor(example.file) : {};
  const program = `return (async () => { ${programOf(example.code)}\n })();`;
  // An example is a program in a comment: this is where it is run.
  const compiled = compileFunction(program, [...Object.keys(names), 'check', 'load']) as (
    ...values: readonly unknown[]
  ) => Promise<void>;
  await compiled(...Object.values(names), check, load);
  return nChecks;
}

const sources = globSync('src/**/*.{ts,tsx}', {
  cwd: root,
  exclude: (path) => /\.(test|contract|fixtures)\.tsx?$/.test(String(path)),
});
const documents = globSync(['*.md', 'docs/**/*.md', 'src/**/*.md'], { cwd: root });
const examples = [...sources, ...documents].sort().flatMap((file) => examplesOf(file, readFileSync(join(root, file), 'utf8')));
const checked = examples.filter((example) => example.code.includes('// =>'));
const shown = examples.filter((example) => !example.code.includes('// =>'));

describe('an example in the documentation does what it says', () => {
  test.each(checked.map((example) => [`${example.file}:${String(example.line)}`, example] as const))(
    '%s',
    async (_name, example) => {
      expect(await runExample(example)).toBeGreaterThan(0);
    },
  );
});

describe('examples in the documentation', () => {
  test('are found', () => {
    expect(checked.length).toBeGreaterThan(15);
  });

  test('that only show are at least TypeScript', () => {
    for (const example of shown) {
      expect(() => programOf(`async () => { ${example.code} }`), `${example.file}:${String(example.line)}`).not.toThrow();
    }
  });

  test('fail when they are wrong', async () => {
    const wrong: Example = { file: 'src/kernel/units.ts', line: 1, code: "parseDurationMs('36h'); // => 1" };

    await expect(runExample(wrong)).rejects.toThrow('129600000');
  });
});
