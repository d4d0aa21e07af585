import { fileURLToPath } from 'node:url';
import { GyreError } from '#kernel';
import {
  decideTurnRoute,
  getTurnRoute,
  type HomeBody,
  homeRoute,
  listLoopsRoute,
  listTurnsRoute,
  startTurnRoute,
  type TurnBody,
  type TurnSummaryBody,
} from '#loops/api';
import { randomIds, systemClock } from '#platform/clock/system';
import { createEventLog, eventMigrations } from '#platform/events/sql';
import { bindRoute } from '#platform/http';
import { createHttpHost, idempotencyMigration, markIdempotencyKeys } from '#platform/http/fastify';
import { createMemoryLog } from '#platform/log';
import { createServerRoutes } from '#platform/server';
import { runMigrations } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import { listProjectsRoute, type ProjectBody } from '#projects/api';

/** What a stub server answers with; a test changes it and rings the bell. */
export interface StubWorld {
  home: HomeBody;
  projects: readonly ProjectBody[];
  turns: Map<number, TurnBody>;
  loops: readonly string[];
  /** Read routes fail with this, where set. */
  failure: GyreError | undefined;
  /** Changes are refused with this, where set. */
  refusal: GyreError | undefined;
}

/** The real HTTP host, event stream and built screens, with canned answers behind the routes: a stub for states that no loop makes on demand. */
export interface StubServer {
  readonly url: string;
  readonly world: StubWorld;
  /** Tells every listening page that a turn changed. */
  ring(turn: TurnBody): Promise<void>;
  close(): Promise<void>;
}

const SCREENS = fileURLToPath(new URL('../../dist/web/', import.meta.url));

/** Starts a stub; every answer is held against its contract. `close` it. */
export async function startStubServer(world: StubWorld, port = 0): Promise<StubServer> {
  const clock = systemClock();
  const log = createMemoryLog();
  const database = markIdempotencyKeys(await openSqlite({ folder: ':memory:' }));
  await runMigrations(database, [idempotencyMigration, ...eventMigrations]);
  const events = createEventLog({ database, clock, log });
  await events.start();
  const ring = async (turn: TurnBody): Promise<void> => {
    await database.transaction(async (tx) => {
      await events.append(tx, {
        topic: 'loops.turn-changed',
        projectId: 'p1',
        entity: 'turn',
        entityId: turn.id,
        entityVersion: turn.version,
        data: {},
      });
    });
  };
  const host = await createHttpHost({
    routes: [
      ...createServerRoutes({
        version: '0.0.0',
        startedAtMs: clock.nowMs(),
        nodeVersion: process.versions.node,
        platform: 'stub',
        features: { onnxruntime: false },
        database,
        events,
        contracts: () => [],
        isDraining: () => host.isDraining,
        projectId: async (name) => name,
      }),
      ...readRoutes(world),
      ...changeRoutes(world, ring),
    ],
    authenticate: async () => ({ principal: 'local-owner', displayName: 'owner' }),
    authorize: async () => ({ allowed: true }),
    database,
    clock,
    ids: randomIds(clock),
    log,
    allowedHosts: ['localhost', '127.0.0.1'],
    staticFolder: SCREENS,
    version: '0.0.0',
    checksAnswers: true,
  });
  const url = await host.listen({ host: '127.0.0.1', port });
  return {
    url,
    world,
    ring,
    close: async () => {
      await host.close(200);
      await events.stop();
      await database.close();
    },
  };
}

function readRoutes(world: StubWorld) {
  const answer = <T>(body: T): { body: T } => {
    if (world.failure !== undefined) throw world.failure;
    return { body };
  };
  return [
    bindRoute(homeRoute, async () => answer(world.home)),
    bindRoute(listProjectsRoute, async () => ({ body: { items: [...world.projects] } })),
    bindRoute(listTurnsRoute, async () => answer({ items: [...world.turns.values()].map(summaryOf).reverse() })),
    bindRoute(getTurnRoute, async ({ params }) => answer(turnOf(world, params.turn))),
    bindRoute(listLoopsRoute, async () => ({ body: { items: world.loops.map(loopOf) } })),
  ];
}

function changeRoutes(world: StubWorld, ring: StubServer['ring']) {
  return [
    bindRoute(startTurnRoute, async () => ({ body: { disposition: 'absorbed', turn: 1, id: 't1' } })),
    bindRoute(decideTurnRoute, async ({ params, body }) => {
      if (world.refusal !== undefined) throw world.refusal;
      const turn = turnOf(world, params.turn);
      const reason = `aborted by local-owner: ${body.reason}`;
      const aborted: TurnBody = {
        ...turn,
        outcome: 'aborted',
        sentence: `the turn was aborted: ${reason}`,
        stages: turn.stages.map((stage) => endStage(stage, reason)),
        version: turn.version + 1,
      };
      world.turns.set(turn.number, aborted);
      await ring(aborted);
      return { body: aborted };
    }),
  ];
}

function endStage(stage: TurnBody['stages'][number], reason: string): TurnBody['stages'][number] {
  if (stage.state === 'open') return { ...stage, state: 'done', verdict: 'fail', text: reason };
  return stage.state === 'waiting' ? { ...stage, state: 'never', text: '' } : stage;
}

function turnOf(world: StubWorld, number: string): TurnBody {
  const turn = world.turns.get(Number(number));
  if (turn !== undefined) return turn;
  throw new GyreError({ kind: 'not-found', code: 'loops/turn-not-found', message: `project "flights" has no turn ${number}` });
}

function summaryOf(turn: TurnBody): TurnSummaryBody {
  const { id, number, loop, endpoint, outcome, startedAt, businessStartedAt, endedAt } = turn;
  const stage = turn.stages.findLast((one) => one.state === 'done' || one.state === 'open')?.stage ?? 'trigger';
  const reason = outcome === 'open' ? '' : turn.sentence;
  const end = endedAt === undefined ? {} : { endedAt };
  return { id, number, loop, endpoint, outcome, stage, reason, trigger: turn.trigger.kind, startedAt, businessStartedAt, ...end };
}

function loopOf(name: string) {
  return {
    name,
    pipeline: 'train',
    endpoint: 'flights',
    gate: 'flights',
    alerts: ['weekly'],
    cooldownMs: 0,
    approval: 'automatic',
  };
}
