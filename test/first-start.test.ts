import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'gyre-first-start-'));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What `bin/clone.mjs` exports, as far as it is tested here. */
interface CloneProgram {
  missingDependencies(): readonly string[];
  readonly isClone: boolean;
}

interface Locks {
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly installed?: Readonly<Record<string, unknown>>;
}

const PROGRAM = `
process.on('SIGTERM', () => { console.log('told to stop'); process.exit(7); });
if (process.argv[2] === 'up') { setInterval(() => {}, 1000); console.log('waiting'); }
else { console.log(process.argv.slice(2).join(' ')); process.exitCode = Number(process.argv[3] ?? 0); }
`;

let nFolders = 0;

/** Makes a folder that looks like a clone (or like the package), with a small program in the place of Gyre. */
function folderLike(what: 'clone' | 'package', { wanted, installed }: Locks = { wanted: {}, installed: {} }): string {
  nFolders += 1;
  const folder = join(scratch, `${what}-${String(nFolders)}`);
  const program = what === 'clone' ? 'src/main/cli.ts' : 'dist/main/cli.js';
  mkdirSync(join(folder, program, '..'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, program), PROGRAM);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'gyre', type: 'module' }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
  if (installed !== undefined)
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  if (what === 'clone') symlinkSync(join(root, 'node_modules/node'), join(folder, 'node_modules/node'));
  return folder;
}

interface Ending {
  readonly code: number | null;
  readonly output: string;
}

/** Runs `gyre` of a folder; `before` is JavaScript that runs first. */
function gyre(folder: string, args: readonly string[], before: string, stopWhen?: string): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [
      '--import',
      `data:text/javascript,${encodeURIComponent(before)}`,
      join(folder, 'bin/gyre.mjs'),
      ...args,
    ]);
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      if (stopWhen !== undefined && output.includes(stopWhen)) child.kill('SIGTERM');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('close', (code) => resolve({ code, output }));
  });
}

const AS_IS = '';
const WITHOUT_EXECVE = 'delete process.execve; process.execve = undefined;';
const ON_NODE_18 = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } });";

describe('what a clone lacks', () => {
  const load = async (folder: string): Promise<CloneProgram> =>
    // A plain JavaScript program has no types; the test names what it uses.
    (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'bin/clone.mjs')).href)) as CloneProgram;

  test('is everything before the first npm ci', async () => {
    const folder = folderLike('clone', { wanted: { 'node_modules/a': { version: '1.0.0' } } });

    expect((await load(folder)).missingDependencies()).toEqual(['everything']);
  });

  test('is what the lock file names in another version, whatever the dates of files', async () => {
    const wanted = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } };
    const installed = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.9.0' } };

    expect((await load(folderLike('clone', { wanted, installed }))).missingDependencies()).toEqual(['node_modules/b']);
  });

  test('is nothing when only packages for other platforms are absent', async () => {
    const wanted = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/a-win32': { version: '1.0.0', optional: true } };
    const installed = { 'node_modules/a': { version: '1.0.0' } };

    expect((await load(folderLike('clone', { wanted, installed }))).missingDependencies()).toEqual([]);
  });

  test('is not asked of the published package', async () => {
    expect((await load(folderLike('package'))).isClone).toBe(false);
  });
});

describe.each([
  ['in the place of the starter', AS_IS],
  ['as its child, where a process cannot be replaced', WITHOUT_EXECVE],
])('the gyre command runs %s', (_name, before) => {
  test.each(['clone', 'package'] as const)('and hands arguments and exit code of a %s on', async (what) => {
    expect(await gyre(folderLike(what), ['predict', '3'], before)).toEqual({ code: 3, output: 'predict 3\n' });
  });

  test('and hands signals on', async () => {
    expect(await gyre(folderLike('clone'), ['up'], before, 'waiting')).toEqual({ code: 7, output: 'waiting\ntold to stop\n' });
  });
});

describe('the gyre command on an old Node', () => {
  test('tells the user of the package what to do', async () => {
    const { code, output } = await gyre(folderLike('package'), ['up'], ON_NODE_18);

    expect(code).toBe(1);
    expect(output).toContain('needs Node 24 or newer; this is Node 18.20.0');
    expect(output).toContain('npx -p node@24');
  });

  test('hands over to the Node of the clone', async () => {
    expect(await gyre(folderLike('clone'), ['status'], ON_NODE_18)).toEqual({ code: 0, output: 'status\n' });
  });
});
