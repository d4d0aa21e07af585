import { describe, expect, test } from 'vitest';
import { GyreError } from '#kernel';
import { type Command, type CommandLine, defineCommand, ExitCode, runCommandLine } from './index.ts';

const gate = defineCommand({
  name: 'gate check',
  summary: 'Checks a gate',
  positionals: ['MODEL', 'POLICY?'],
  flags: [
    { name: 'level', kind: 'number', summary: 'level' },
    { name: 'why', kind: 'boolean', summary: 'reasons' },
  ],
  examples: ['gyre gate check churn:9', 'gyre gate check churn:9 strict --level 0.9'],
  run: async ({ args, flags, io, json, project }) => {
    io.note('working');
    io.answer(JSON.stringify({ args, level: flags['level'], why: flags['why'], json, project: await project() }));
    return ExitCode.verdictUndecided;
  },
});

const broken = defineCommand({
  ...gate,
  name: 'broken',
  positionals: [],
  needs: 'nothing',
  run: async () => {
    throw new GyreError({
      kind: 'conflict',
      code: 'gate/locked',
      message: 'gate "slice" is locked',
      help: 'unlock it',
      problems: [{ pointer: 'gyre.yaml:41', code: 'gate/slice', detail: 'no slice' }],
      data: { requestId: 'r1' },
    });
  },
});

async function run(line: readonly string[], more: Partial<CommandLine> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const entries = [gate, broken].map((command: Command) => ({
    name: command.name,
    summary: command.summary,
    load: async () => command,
  }));
  const code = await runCommandLine({
    line,
    environment: {},
    commands: entries,
    io: { isTerminal: false, answer: (text) => out.push(text), note: (text) => err.push(text), table: () => undefined },
    width: 80,
    hasColor: false,
    signal: new AbortController().signal,
    dataFolder: () => '/data',
    openServer: async () => ({
      url: 'http://x',
      call: async () => Promise.reject(new Error('unused')),
      close: async () => undefined,
    }),
    defaultProject: async () => 'only',
    ...more,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('the command line', () => {
  test('finds a command of two words among flags, converts its values and passes its exit code on', async () => {
    const { code, out } = await run(['--project', 'churn', 'gate', 'check', 'churn:9', '--level', '0.9', '--why']);

    expect(code).toBe(7);
    expect(JSON.parse(out)).toEqual({ args: ['churn:9'], level: 0.9, why: true, json: false, project: 'churn' });
  });

  test('takes the project from the flag, then the environment, then the file or the only one', async () => {
    const projectOf = async (line: readonly string[], environment = {}) =>
      (JSON.parse((await run(['gate', 'check', 'm', ...line], { environment })).out) as { project: string }).project;

    expect(await projectOf(['-p', 'a'], { GYRE_PROJECT: 'b' })).toBe('a');
    expect(await projectOf([], { GYRE_PROJECT: 'b' })).toBe('b');
    expect(await projectOf([])).toBe('only');
  });

  test.each([
    [['gaet', 'check'], 'cli/unknown-command', 'there is no command "gyre gaet"'],
    [['gate', 'chek'], 'cli/unknown-command', 'did you mean "gate check"?'],
    [['gate'], 'cli/unknown-command', '"gate" has: check'],
    [['gate', 'check', 'm', '--levle', '3'], 'cli/unknown-flag', 'did you mean "--level"?'],
    [['gate', 'check', 'm', '--level', 'high'], 'cli/bad-flag', 'needs a number; got "high"'],
    [['gate', 'check', 'm', '--level'], 'cli/bad-flag', '--level needs a value'],
    [['gate', 'check', 'm', '--why=yes'], 'cli/bad-flag', 'takes no value'],
    [['gate', 'check'], 'cli/missing-argument', 'MODEL is missing; write: gyre gate check MODEL [POLICY]'],
    [['gate', 'check', 'a', 'b', 'c'], 'cli/extra-argument', '"c" is one argument too many'],
  ])('refuses %j with exit code 2, by name', async (line, code, message) => {
    const answer = await run(line);

    expect(answer.code).toBe(2);
    expect(answer.err).toContain(`[${code}]`);
    expect(answer.err).toContain(message);
    expect(answer.out).toBe('');
  });

  test('writes a failure with value, place, advice, code and request', async () => {
    const { code, err, out } = await run(['broken']);

    expect(code).toBe(5);
    expect(out).toBe('');
    expect(err).toMatch(
      /^error: gate "slice" is locked {2,}\[gate\/locked\]\n {2}at gyre.yaml:41 {3}no slice\n {2}try: unlock it\n {2}request r1$/,
    );
  });

  test('writes a failure as a problem document on stdout with --json, and keeps the exit code', async () => {
    const { code, out, err } = await run(['broken', '--json']);

    expect(code).toBe(5);
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({ code: 'gate/locked', status: 409, help: 'unlock it', retryable: false });
  });

  test('shows no stack without --verbose', async () => {
    expect((await run(['broken'])).err).not.toContain('at ' + 'run');
    expect((await run(['broken', '-v'])).err).toContain('GyreError: gate "slice" is locked');
  });

  test('says nothing on the side with --quiet', async () => {
    expect((await run(['gate', 'check', 'm'])).err).toBe('working');
    expect((await run(['gate', 'check', 'm', '-q'])).err).toBe('');
  });

  test('begins its help with two examples', async () => {
    const { code, out } = await run(['gate', 'check', '--help']);

    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}gyre gate check churn:9\n {2}gyre gate check churn:9 strict/);
    expect(out).toContain('--level VALUE');
    expect((await run(['help', 'gate', 'check'])).out).toBe(out);
  });

  test('lists its commands and exit codes', async () => {
    expect((await run([])).out).toContain('gate check  Checks a gate');
    expect((await run(['help', 'exit-codes'])).out).toContain('  7  verdict undecided');
  });

  test('closes the server it opened, whatever the command does', async () => {
    let isClosed = false;
    const openServer = async () => ({
      url: 'http://x',
      call: async () => Promise.reject(new Error('unused')),
      close: async () => {
        isClosed = true;
      },
    });
    await run(['gate', 'check', 'm'], { openServer, defaultProject: async () => Promise.reject(new TypeError('no')) });

    expect(isClosed).toBe(true);
  });
});
