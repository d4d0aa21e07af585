/** One server of the inference bench: `bare` discards bodies, `gyre` answers with a boosted model and logs every prediction. Prints its URL. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { localAuthenticator, localAuthorizer } from '#access';
import { openBlobFolder } from '#platform/blobs/folder';
import { randomIds, systemClock } from '#platform/clock/system';
import { digestOfBytes } from '#platform/digest';
import { createHttpHost } from '#platform/http/fastify';
import { createMemoryLog } from '#platform/log';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import { createDataPlane, loadCompiledModel, servingMigrations, writeSegments } from '#serving';
import { createRandom } from '#stats';
import { encodeModel, type GbtModel } from '#training';

const N_INPUTS = 30;
const N_TREES = 100;
const DEPTH = 6;

function growTree(seed: number): GbtModel['trees'][number] {
  const random = createRandom(seed);
  const splits = 2 ** DEPTH - 1;
  const child = (index: number): number => (index < splits ? index : -1 - (index - splits));
  return {
    feature: Array.from({ length: splits }, () => random.below(N_INPUTS)),
    threshold: Array.from({ length: splits }, () => Math.fround(random.uniform() * 2 - 1)),
    missingLeft: Array.from({ length: splits }, () => random.below(2)),
    left: Array.from({ length: splits }, (_, index) => child(2 * index + 1)),
    right: Array.from({ length: splits }, (_, index) => child(2 * index + 2)),
    leaf: Array.from({ length: splits + 1 }, () => Math.fround((random.uniform() - 0.5) / 10)),
    leafRows: Array.from({ length: splits + 1 }, () => 1),
  };
}

function boostedModel(): GbtModel {
  return {
    format: 'gyre-model',
    version: 1,
    kind: 'gbt',
    task: 'binary',
    features: Array.from({ length: N_INPUTS }, (_, index) => ({ name: `f${String(index)}`, kind: 'number' as const })),
    encoders: [],
    base: 0,
    trees: Array.from({ length: N_TREES }, (_, index) => growTree(index + 1)),
  };
}

/** The host of a real server: host and origin checks, control plane behind, data plane first. */
async function startGyre(folder: string): Promise<string> {
  const clock = systemClock();
  const ids = randomIds(clock);
  const log = createMemoryLog();
  const database = await openSqlite({ folder: join(folder, 'store') });
  await runMigrations(database, servingMigrations);
  const ports = { database, blobs: await openBlobFolder(join(folder, 'blobs')), clock, ids, failpoint: () => undefined };
  const bytes = encodeModel(boostedModel());
  const modelDigest = digestOfBytes(bytes);
  const plane = createDataPlane({
    runtime: { load: () => Promise.resolve(loadCompiledModel(bytes, modelDigest)) },
    features: { open: () => Promise.reject(new Error('the bench has no feature view')) },
    clock,
    ids,
    log,
    businessNowMs: () => clock.nowMs(),
    sink: (segments) => writeSegments(ports, segments),
    version: 'bench',
  });
  await plane.apply({
    version: 1,
    endpoints: [
      {
        endpoint: 'bench',
        projectId: 'bench',
        revision: 1,
        view: undefined,
        trafficKey: undefined,
        log: true,
        deployments: [{ name: 'v1', model: 'bench', version: 1, modelDigest, weight: 100, shadow: false }],
      },
    ],
  });
  const host = await createHttpHost({
    routes: [],
    authenticate: localAuthenticator(),
    authorize: localAuthorizer(),
    database,
    clock,
    ids,
    log,
    allowedHosts: ['127.0.0.1'],
    dataPlane: plane.handle,
    version: 'bench',
  });
  process.once('SIGTERM', () => {
    void plane.drain().then(async () => {
      const lost = plane.report().lostPredictions;
      if (lost > 0) console.error(`${String(lost)} predictions were not logged`);
      await host.close(100);
      await database.close();
      process.exit(0);
    });
  });
  return await host.listen({ host: '127.0.0.1', port: 0 });
}

const bareListener: RequestListener = (request, response) => {
  request.on('data', () => undefined);
  request.on('end', () => {
    response.writeHead(200, ['content-type', 'application/json', 'content-length', '2']);
    response.end('{}');
  });
};

/** The floor: the body is read and thrown away. */
function startBare(): Promise<string> {
  const server = createServer(bareListener);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      // A listening TCP server has an address of this form.
      const { port } = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${String(port)}`);
    });
  });
}

const [, , kind, folder = '.'] = process.argv;
const base = kind === 'gyre' ? await startGyre(folder) : await startBare();
console.log(`${base}/v2/models/bench/infer`);
