import { localAuthenticator, localAuthorizer } from '#access';
import { createCheckpointSchedule } from '#platform/audit';
import type { BoundRoute } from '#platform/http';
import { createHttpHost, type HttpHost } from '#platform/http/fastify';
import { createServerRoutes } from '#platform/server';
import { runMigrations } from '#platform/sql';
import type { Adapters } from './adapters.ts';
import { hasNativeRuntime } from './features.ts';
import { allMigrations } from './migrations.ts';
import { createSlices, type Slices, type SliceWorld } from './slices.ts';

/** Facts of one server. */
export interface ServerFacts {
  readonly version: string;
  readonly allowedHosts: readonly string[];
  readonly staticFolder: string | undefined;
  readonly checksAnswers: boolean;
}

/** A server whose parts are bound, not listening yet. */
export interface ComposedServer {
  readonly host: HttpHost;
  readonly slices: Slices;
  readonly routes: readonly BoundRoute[];
  /** Starts slices and consumers: before the port is open. */
  start(): Promise<void>;
  /** Starts effects and timers: when the server can be called, because steps call it. */
  run(): Promise<void>;
  /** Stops slices in the opposite order, then machines, consumers and compute. */
  stop(graceMs: number): Promise<void>;
}

/** Binds adapters, slices and host into one server, and brings the schema forward. */
export async function composeServer(adapters: Adapters, world: SliceWorld, facts: ServerFacts): Promise<ComposedServer> {
  const { platform } = adapters;
  const slices = createSlices(platform, world);
  adapters.bindBusinessTime((tx, projectId) => slices.projects.businessNowMs(tx, projectId));
  await runMigrations(platform.database, allMigrations(adapters.migrations, slices.all));
  bindSlices(adapters, slices);
  const routes: readonly BoundRoute[] = slices.all.flatMap((slice) => slice.routes ?? []);
  const drain = { isDraining: () => false };
  const serverRoutes = createServerRoutes({
    ...platform,
    version: facts.version,
    startedAtMs: platform.clock.nowMs(),
    nodeVersion: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    features: { onnxruntime: hasNativeRuntime() },
    contracts: () => routes.map((route) => route.contract),
    isDraining: () => drain.isDraining(),
    projectId: async (nameOrId) => (await platform.database.read(async (tx) => await slices.projects.find(tx, nameOrId))).id,
  });
  const all = [...serverRoutes, ...routes];
  const host = await createHttpHost({
    ...platform,
    routes: all,
    authenticate: localAuthenticator(),
    authorize: localAuthorizer(),
    allowedHosts: facts.allowedHosts,
    version: facts.version,
    checksAnswers: facts.checksAnswers,
    dataPlane: (request, response) => slices.plane.handle(request, response),
    ...(facts.staticFolder === undefined ? {} : { staticFolder: facts.staticFolder }),
  });
  drain.isDraining = () => host.isDraining;
  return { host, slices, routes: all, ...lifeOf(adapters, slices) };
}

/** Hands the machines, effects and consumers of the slices to the platform. */
function bindSlices({ platform }: Adapters, slices: Slices): void {
  for (const slice of slices.all) {
    slice.defineMachines?.(platform.machines);
    for (const [kind, handler] of Object.entries(slice.effects ?? {})) platform.machines.handleEffect(kind, handler);
    for (const consumer of slice.consumers ?? []) platform.events.addConsumer(consumer);
  }
}

function lifeOf({ platform }: Adapters, slices: Slices): Pick<ComposedServer, 'start' | 'run' | 'stop'> {
  const checkpoints = createCheckpointSchedule(platform);
  return {
    start: async () => {
      checkpoints.start();
      for (const slice of slices.all) await slice.start?.();
      await platform.events.start();
    },
    run: async () => {
      await platform.machines.startRunning();
    },
    stop: async (graceMs) => {
      await platform.machines.stop(graceMs);
      for (const slice of [...slices.all].reverse()) await slice.stop?.();
      await platform.events.stop();
      await platform.compute.stop();
      await checkpoints.stop();
    },
  };
}
