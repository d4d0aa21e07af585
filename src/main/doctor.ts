import { existsSync, globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { digestOfHex } from '#kernel';
import type { CommandContext } from '#platform/cli';
import { findRunning } from '#platform/cli/remote';
import { systemClock } from '#platform/clock/system';
import {
  auditCheck,
  blobCheck,
  type Check,
  clockCheck,
  diskCheck,
  existingFolder,
  findingLines,
  integrityCheck,
  type NamedFinding,
  nodeCheck,
  packageCheck,
  portCheck,
  pythonCheck,
  runChecks,
  schemaCheck,
  serverCheck,
} from '#platform/doctor';
import { readConnection, storeLayout } from '#platform/store';
import { type Adapters, openAdapters } from './adapters.ts';
import { allMigrations } from './migrations.ts';
import { createSlices } from './slices.ts';
import { readVersion } from './version.ts';

const DEFAULT_PORT = 4973;

/** Runs every check and writes the findings; sound when nothing is broken. */
export async function runDoctor({ flags, io, json, dataFolder }: CommandContext): Promise<{ readonly isSound: boolean }> {
  const url = await findRunning(dataFolder);
  const port = flags['port'];
  const findings = [
    ...(await runChecks(machineChecks(dataFolder, url, typeof port === 'number' ? port : DEFAULT_PORT))),
    ...(await storeFindings(dataFolder, url)),
  ];
  if (json) io.answer(JSON.stringify({ dataFolder, findings }));
  else for (const line of findingLines(findings)) io.answer(line);
  return { isSound: findings.every(({ state }) => state !== 'broken') };
}

function machineChecks(dataFolder: string, url: string | undefined, port: number): readonly Check[] {
  const clock = systemClock();
  const { resolve } = createRequire(import.meta.url);
  return [
    nodeCheck(process.versions.node, process.versions.modules),
    portCheck(port, url),
    diskCheck(existingFolder(dataFolder, existsSync), clock),
    clockCheck(clock, () => readConnection(storeLayout(dataFolder).connectionFile)?.startedAtMs),
    pythonCheck(),
    packageCheck('onnxruntime-node', () => resolve('onnxruntime-node'), {
      detail: 'not installed; the built-in evaluator serves models',
      fix: 'for large batches of ONNX models: npm install onnxruntime-node',
    }),
    packageCheck('@duckdb/node-api', () => resolve('@duckdb/node-api'), {
      detail: 'not installed; tables cannot be read',
      fix: 'install Gyre again: npm install gyre',
    }),
    serverCheck(url, readVersion()),
  ];
}

/** Opens the store under its lock; what is in use by a running server is left alone. */
async function storeFindings(dataFolder: string, url: string | undefined): Promise<readonly NamedFinding[]> {
  if (!existsSync(dataFolder)) return [{ name: 'store', state: 'sound', detail: `none yet at ${dataFolder}; gyre up makes one` }];
  if (url !== undefined) {
    const fix = 'stop the server, then run gyre doctor again to look inside';
    return [{ name: 'store', state: 'attention', detail: `${dataFolder} is in use by the running server`, fix }];
  }
  const opened = await open(dataFolder);
  if ('finding' in opened) return [opened.finding];
  try {
    return await runChecks(storeChecks(opened.adapters));
  } finally {
    await opened.adapters.close();
  }
}

async function open(dataFolder: string): Promise<{ readonly adapters: Adapters } | { readonly finding: NamedFinding }> {
  try {
    return { adapters: await openAdapters({ dataFolder, logLevel: 'error' }) };
  } catch (error) {
    const [finding] = await runChecks([{ name: 'store', look: () => throwAgain(error) }]);
    if (finding === undefined) throw error;
    return { finding };
  }
}

/** Lets a failure become a finding, as that of any other check does. */
async function throwAgain(error: unknown): Promise<never> {
  throw error;
}

function storeChecks({ platform, migrations, dataFolder }: Adapters): readonly Check[] {
  const slices = createSlices(platform, { serverUrl: () => '', codeRoot: undefined, programVersion: readVersion() });
  return [
    integrityCheck(platform.database),
    schemaCheck(platform.database, allMigrations(migrations, slices.all)),
    blobCheck(platform.blobs, () => digestsIn(storeLayout(dataFolder).blobs)),
    auditCheck(platform.audit, platform.database),
  ];
}

/** Blobs lie at `sha256/ab/cdef…`. */
function digestsIn(folder: string): readonly ReturnType<typeof digestOfHex>[] {
  const paths = globSync('sha256/*/*', { cwd: folder });
  return paths.map((path) => path.slice(`sha256${join('/', '')}`.length).replaceAll(/[\\/]/g, '')).map((hex) => digestOfHex(hex));
}
