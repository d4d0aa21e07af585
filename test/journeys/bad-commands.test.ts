/** Commands that are wrong: each ends with its exit code, one word on what is wrong and one on what to do, and no stack. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gyre } from '../fixtures/gyre-process.ts';
import { startTestServer, type TestServer } from '../fixtures/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'gyre-bad-commands-'));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refused(args: readonly string[]): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const { code, stderr, stdout } = await gyre(args, { cwd: folder });
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/\n\s+at |node_modules/);
  return { code, stderr };
}

describe('a command', () => {
  test.each<[string, readonly string[], number, RegExp]>([
    ['that there is not', ['predcit'], 2, /no command/],
    ['with a flag that it has not', ['status', '--jsno'], 2, /did you mean "--json"/],
    ['with a word for a number', ['up', '--port', 'many'], 2, /--port needs a number/],
    ['with a port that no port is', ['up', '--port', '99999', '--data', join(folder, 'a')], 2, /0 to 65535/],
    ['with half a port', ['up', '--port', '1.5', '--data', join(folder, 'a')], 2, /0 to 65535/],
    ['whose folder is a file', ['up', '--port', '0', '--data', file('a-file', 'x')], 2, /file of that name/],
    ['whose folder lies in a file', ['up', '--port', '0', '--data', join(file('b-file', 'x'), 'b')], 2, /--data DIR/],
    ['whose folder cannot be made', ['up', '--port', '0', '--data', '/proc/none/gyre'], 2, /--data DIR/],
    ['to a server that is none', ['whoami', '--server', 'no-url'], 9, /no server answers/],
    ['to a server by another protocol', ['whoami', '--server', 'file:///etc/passwd'], 9, /no server answers/],
  ])('%s is refused', async (_what, args, code, words) => {
    const { code: ended, stderr } = await refused(args);

    expect([ended, stderr]).toEqual([code, expect.stringMatching(words)]);
  });

  test.each<[string, readonly string[], number, RegExp]>([
    ['without a project file', ['run', 'train'], 3, /--file/],
    ['of a project file that is a folder', ['run', 'train', '--file', '/'], 3, /readable/],
    ['of zeros', ['run', 'train', '--file', file('zeros.yaml', new Uint8Array(3_000_000))], 2, /zeros\.yaml/],
    ['of a PNG', ['run', 'train', '--file', file('png.yaml', Uint8Array.of(0x89, 0x50, 0x4e, 0x47))], 2, /png\.yaml/],
    ['of an unknown key', ['run', 'x', '--file', file('key.yaml', 'gyre: 1\nproject: a\npipelnes: {}\n')], 2, /key\.yaml:3/],
    [
      'of no such pipeline',
      [
        'run',
        'tran',
        '--file',
        file('ok.yaml', 'gyre: 1\nproject: a\npipelines:\n  train: { steps: [{ name: a, run: ["true"] }] }\n'),
      ],
      3,
      /did you mean "train"/,
    ],
  ])('run %s is refused', async (_what, args, code, words) => {
    const { code: ended, stderr } = await refused([...args, '--server', server.url]);

    expect([ended, stderr]).toEqual([code, expect.stringMatching(words)]);
  });

  test.each([['../../etc/passwd'], ['a\u202eb'], ['flights@champion'], ['9007199254740993']])(
    'why of %j in no project is refused',
    async (subject) => {
      const { code } = await refused(['why', subject, '--project', 'none', '--server', server.url]);

      expect(code).toBe(3);
    },
  );
});
