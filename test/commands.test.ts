/** The command line as a whole: its list, its help, its start-up. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXIT_CODE_MEANINGS } from '#platform/cli';
import { COMMANDS } from '../src/main/commands.ts';
import { gyre } from './fixtures/gyre-process.ts';

const GENEROUS_START_MS = 1000;

test.each(COMMANDS.map((entry) => [entry.name, entry] as const))('gyre %s is what its room declares', async (name, entry) => {
  const command = await entry.load();

  expect(command.name).toBe(name);
  expect(command.summary).toBe(entry.summary);
  expect(command.examples.length).toBeGreaterThanOrEqual(2);
  expect(command.examples.every((example) => example.startsWith(`gyre ${name}`))).toBe(true);
  expect(command.positionals.length).toBeLessThanOrEqual(2);
  expect(command.summary).not.toMatch(/\.$/);
});

test('no command is there twice', () => {
  const names = COMMANDS.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
});

test('help lists every command and exit code, and starts without the server', async () => {
  const startedAt = performance.now();
  const overview = await gyre(['help']);
  const durationMs = performance.now() - startedAt;
  const codes = await gyre(['help', 'exit-codes']);

  for (const { name, summary } of COMMANDS) expect(overview.stdout).toContain(summary.length > 0 ? name : '');
  for (const { code, meaning } of EXIT_CODE_MEANINGS) expect(codes.stdout).toContain(`${String(code)}  ${meaning}`);
  expect(durationMs).toBeLessThan(GENEROUS_START_MS);
});

test('the reference page lists the exit codes of the table, in order', () => {
  const page = readFileSync(new URL('../docs/reference/exit-codes.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => ({ code: Number(code), meaning }));

  expect(rows).toEqual(EXIT_CODE_MEANINGS);
});
