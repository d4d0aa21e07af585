/** `npm test`: every check and every suite, each with its own line; the last line is `N passed, N failed`, summed from what ran. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface SuiteReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly duration?: number | null;
    }[];
  }[];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const reportPath = join(root, 'node_modules/.cache/gyre/vitest.json');

const LEFTOVER_MS = 60_000;

const CHECKS: readonly Check[] = [
  { name: 'format and lint', command: 'biome', args: ['ci', '.'] },
  { name: 'types', command: 'tsc', args: ['-b'] },
  { name: 'type-aware lint', command: 'oxlint', args: ['--type-aware'] },
  { name: 'unused code', command: 'knip', args: ['--treat-config-hints-as-errors'] },
];

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Runs a program of `node_modules/.bin`; a quiet one shows its output only when it fails. */
function run(check: Check, isQuiet: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const output: Buffer[] = [];
    const stdio = isQuiet ? 'pipe' : 'inherit';
    const child = spawn(join(root, 'node_modules/.bin', check.command), check.args, {
      cwd: root,
      stdio: ['ignore', stdio, stdio],
    });
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => output.push(chunk));
    const guard = isQuiet ? undefined : endLeftovers(child);
    child.on('error', (error) => {
      say(`cannot start ${check.command}: ${error.message}`);
      resolve(false);
    });
    child.on('close', (code) => {
      clearInterval(guard);
      if (code !== 0) process.stdout.write(Buffer.concat(output));
      resolve(code === 0);
    });
  });
}

/** A process that a failed test left behind keeps the runner from ending; a minute after its report everything is ended. */
function endLeftovers(runner: ChildProcess): NodeJS.Timeout {
  let reportedAtMs: number | undefined;
  return setInterval(() => {
    if (!existsSync(reportPath)) return;
    reportedAtMs ??= performance.now();
    if (performance.now() - reportedAtMs < LEFTOVER_MS) return;
    say('the test runner did not end after its report: a test left a process behind');
    runner.kill('SIGKILL');
  }, 1000);
}

async function runChecks(): Promise<Tally> {
  let failed = 0;
  for (const check of CHECKS) {
    const startedAtMs = performance.now();
    const isGood = await run(check, true);
    if (!isGood) failed += 1;
    say(
      `${isGood ? 'ok    ' : 'FAILED'} ${check.name.padEnd(18)} ${took(startedAtMs)}   (${check.command} ${check.args.join(' ')})`,
    );
  }
  return { passed: CHECKS.length - failed, failed, skipped: 0 };
}

async function runSuites(args: readonly string[]): Promise<Tally> {
  rmSync(reportPath, { force: true });
  mkdirSync(join(reportPath, '..'), { recursive: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
  const isGood = await run({ name: 'suites', command: 'vitest', args: ['run', ...reporters, ...args] }, false);
  const report = readReport();
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const tally = tallyOf(report);
  printSlowest(report);
  const hasUnseenFailure = !isGood && tally.failed === 0;
  return hasUnseenFailure ? { ...tally, failed: 1 } : tally;
}

function readReport(): SuiteReport | undefined {
  try {
    // The file was written by the test runner a moment ago, in the form of Jest's JSON reporter.
    return JSON.parse(readFileSync(reportPath, 'utf8')) as SuiteReport;
  } catch (error) {
    say(`the test runner left no report: ${String(error)}`);
    return undefined;
  }
}

function tallyOf(report: SuiteReport): Tally {
  const statuses = report.testResults.flatMap((file) => file.assertionResults.map((test) => test.status));
  const nBrokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const passed = statuses.filter((status) => status === 'passed').length;
  const failed = statuses.filter((status) => status === 'failed').length;
  return { passed, failed: failed + nBrokenFiles, skipped: statuses.length - passed - failed };
}

function printSlowest(report: SuiteReport): void {
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: file.name.replace(root, ''), durationMs: test.duration ?? 0 })),
  );
  say('\nTen slowest tests');
  for (const test of tests.sort((a, b) => b.durationMs - a.durationMs).slice(0, 10)) {
    say(`${(test.durationMs / 1000).toFixed(2).padStart(8)} s  ${test.file}: ${test.fullName}`);
  }
}

function took(startedAtMs: number): string {
  return `${((performance.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s`;
}

/** `--quick` leaves the journeys out, and says so; everything else goes to the test runner. */
function suiteArguments(args: readonly string[]): readonly string[] {
  const rest = args.filter((argument) => argument !== '--quick');
  if (rest.length > 0) say(`only the suites that match: ${rest.join(' ')}`);
  if (rest.length === args.length) return rest;
  const nLeftOut = globSync(['test/*/**/*.test.ts', 'bench/**/*.test.ts'], { cwd: root }).length;
  say(`--quick: ${String(nLeftOut)} files of journeys are left out`);
  return [...rest, '--project', 'rooms', '--project', 'house'];
}

const suiteArgs = suiteArguments(process.argv.slice(2));
const checks = await runChecks();
const suites = await runSuites(suiteArgs);
const failed = checks.failed + suites.failed;
if (suites.skipped > 0) say(`\n${String(suites.skipped)} skipped (each says why in its name)`);
say(`\n${String(checks.passed + suites.passed)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 ? 0 : 1;
