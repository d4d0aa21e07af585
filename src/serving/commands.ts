import { readFile, writeFile } from 'node:fs/promises';
import { GyreError } from '#kernel';
import { type Command, type CommandContext, defineCommand, ExitCode } from '#platform/cli';
import { predictRows } from './predict-http.ts';
import { formatOf, parseRows, writeRows } from './prediction-rows.ts';

/** Commands of this slice. */
export const servingCommands: readonly Command[] = [
  defineCommand({
    name: 'predict',
    summary: 'Scores the rows of a CSV, JSON or NDJSON file at an endpoint, in order',
    positionals: ['ENDPOINT', 'FILE'],
    flags: [
      { name: 'out', kind: 'text', placeholder: 'FILE', summary: 'write here, in the form its name says; default stdout as CSV' },
    ],
    examples: ['gyre predict churn customers.csv', 'gyre predict churn customers.ndjson --out scored.csv'],
    run: runPredict,
  }),
];

async function runPredict({ args, flags, io, json, serverUrl, signal }: CommandContext): Promise<number> {
  const [endpoint = '', file = ''] = args;
  if (endpoint === '' || file === '') {
    throw new GyreError({
      kind: 'invalid',
      code: 'serving/rows-file',
      message: 'name an endpoint and a file of rows',
      help: 'gyre predict churn customers.csv',
    });
  }
  const rows = parseRows(await readRows(file), formatOf(file));
  const scored = await predictRows({ serverUrl, endpoint, signal }, rows);
  const { out } = flags;
  if (typeof out !== 'string') {
    io.answer(writeRows(scored, json ? 'json' : 'csv').trimEnd());
    return ExitCode.done;
  }
  await writeFile(out, writeRows(scored, formatOf(out)));
  if (json) io.answer(JSON.stringify({ rows: scored.length, file: out }));
  else io.note(`${String(scored.length)} rows scored into ${out}`);
  return ExitCode.done;
}

async function readRows(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new GyreError({ kind: 'not-found', code: 'serving/rows-file', message: `there is no readable file "${file}"`, cause });
  }
}
