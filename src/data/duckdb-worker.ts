import { parentPort, workerData } from 'node:worker_threads';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Frame } from '#kernel';
import type { DuckdbRequest, DuckdbSettings } from './duckdb-protocol.ts';
import { appendFrames } from './frame-append-duckdb.ts';
import { readFrame, writeFrame } from './frame-read-duckdb.ts';
import { withLoweredThreads } from './thread-priority-duckdb.ts';

// The parent starts this file with exactly these settings.
const settings = workerData as DuckdbSettings;
const port = parentPort;
if (port === null) throw new Error('duckdb-worker runs in a worker thread only');

let instance: DuckDBInstance | undefined;
let connection: DuckDBConnection | undefined;

async function openInstance(): Promise<DuckDBInstance> {
  const opened = await withLoweredThreads(
    async () =>
      await DuckDBInstance.create(':memory:', {
        threads: String(settings.threads),
        memory_limit: `${String(Math.round(settings.memoryLimitBytes / 1_048_576))}MiB`,
      }),
  );
  const setup = await opened.connect();
  const folder = settings.folder.replaceAll("'", "''");
  // The order matters: after the last line no setting and no other file can be reached.
  for (const statement of [
    "SET TimeZone = 'UTC'",
    'SET preserve_insertion_order = true',
    `SET temp_directory = '${folder}spill'`,
    'SET autoinstall_known_extensions = false',
    'SET autoload_known_extensions = false',
    `SET allowed_directories = ['${folder}']`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ]) {
    await setup.run(statement);
  }
  setup.disconnectSync();
  return opened;
}

async function answer(request: DuckdbRequest): Promise<Frame | undefined> {
  if (request.op === 'open') {
    instance ??= await openInstance();
    connection = await instance.connect();
    return undefined;
  }
  if (request.op === 'close') {
    connection?.disconnectSync();
    connection = undefined;
    return undefined;
  }
  if (connection === undefined) throw new Error('no session is open');
  if (request.op === 'read') return await readFrame(connection, request.sql);
  if (request.op === 'load') await appendFrames(connection, request);
  if (request.op === 'write') return await writeFrame(connection, request);
  if (request.op === 'run') await connection.run(request.sql);
  return undefined;
}

function buffersOf(frame: Frame | undefined): ArrayBuffer[] {
  const buffers = (frame?.columns ?? []).map((column) => column.values.buffer);
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer);
}

let queue = Promise.resolve();
port.on('message', (request: DuckdbRequest) => {
  queue = queue.then(async () => {
    try {
      const frame = await answer(request);
      port.postMessage({ id: request.id, frame }, buffersOf(frame));
    } catch (error) {
      port.postMessage({ id: request.id, failure: error instanceof Error ? error.message : String(error) });
    }
  });
});
