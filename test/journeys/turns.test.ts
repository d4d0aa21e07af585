import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../fixtures/server.ts';

const PROJECT = 'turning';

/** A project whose loops need no data: their pipelines are commands, so that what is tested is the loop itself. */
function projectFile(): string {
  const command = (source: string) => [{ name: 'step', run: [process.execPath, '-e', source] }];
  const loop = (pipeline: string, rest: object = {}) => ({ pipeline, endpoint: 'answers', gate: 'good', ...rest });
  return JSON.stringify({
    gyre: 1,
    project: PROJECT,
    clock: 'replay',
    startsAt: '2020-01-01T00:00:00Z',
    objectives: { accurate: { metric: 'roc_auc', target: 0.8 } },
    gates: { good: { objective: 'accurate' } },
    endpoints: { answers: { model: 'answers' } },
    pipelines: {
      quick: { steps: command('0') },
      slow: { steps: command('setTimeout(() => {}, 60000)') },
      broken: { steps: command("console.error('out of luck'); process.exit(7)") },
    },
    loops: {
      quick: loop('quick'),
      slow: loop('slow'),
      broken: loop('broken'),
      weekly: loop('quick', { triggers: { schedule: '7d' }, cooldown: '10d' }),
    },
  });
}

describe('turns of a loop', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
    await server.client.projects.apply({ project: PROJECT, body: { text: projectFile() } });
  });

  afterAll(async () => {
    await server.close();
  });

  async function start(loop: string) {
    return await server.client.loops.startTurn({ project: PROJECT, loop, body: { reason: 'a test asks' } });
  }

  async function ended(number: number) {
    for (let tries = 0; tries < 600; tries += 1) {
      const turn = await server.client.loops.getTurn({ project: PROJECT, turn: String(number) });
      if (turn.outcome !== 'open') return turn;
      await sleep(50);
    }
    throw new Error(`turn ${String(number)} did not end`);
  }

  it('fail when the pipeline registers nothing, and say so', async () => {
    const turn = await ended((await start('quick')).turn);
    expect(turn).toMatchObject({ outcome: 'failed', sentence: expect.stringContaining('registered no model version') });
  });

  it('fail with the step and its exit code when the pipeline fails', async () => {
    const turn = await ended((await start('broken')).turn);
    expect(turn.outcome).toBe('failed');
    expect(turn.sentence).toContain('exited with 7');
  });

  it('absorb a second trigger, and a person’s stop ends the turn with everything that runs for it', async () => {
    const first = await start('slow');
    const second = await start('slow');
    expect([second.disposition, second.turn]).toEqual(['absorbed', first.turn]);
    const decision = { action: 'abort', reason: 'enough' } as const;
    await server.client.loops.decideTurn({ project: PROJECT, turn: String(first.turn), body: decision });
    const turn = await ended(first.turn);
    expect([turn.outcome, turn.absorbed.length]).toEqual(['aborted', 1]);
    const again = server.client.loops.decideTurn({ project: PROJECT, turn: String(first.turn), body: decision });
    await expect(again).rejects.toMatchObject({ status: 409 });
    for (let tries = 0; tries < 100; tries += 1) {
      const runs = await server.client.pipelines.listRuns({ project: PROJECT });
      if (runs.items.every((run) => run.state !== 'running')) return;
      await sleep(50);
    }
    throw new Error('a pipeline run goes on without its turn');
  });

  it('start by schedule on the business clock, once for however many firings a jump of the clock passed', async () => {
    const before = (await server.client.loops.listTurns({ project: PROJECT })).items.length;
    await server.client.projects.advanceClock({ project: PROJECT, body: { to: '2020-01-30T00:00:00Z' } });
    for (let tries = 0; tries < 200; tries += 1) {
      const { items } = await server.client.loops.listTurns({ project: PROJECT });
      if (items.length > before && items[0]?.outcome !== 'open') break;
      await sleep(50);
    }
    const { items } = await server.client.loops.listTurns({ project: PROJECT });
    expect(items.length).toBe(before + 1);
    expect(items[0]).toMatchObject({ loop: 'weekly', trigger: 'schedule' });
  });

  it('are kept off by the cool-down, and the audit log says so', async () => {
    const before = (await server.client.loops.listTurns({ project: PROJECT })).items.length;
    await server.client.projects.advanceClock({ project: PROJECT, body: { to: '2020-02-06T00:00:00Z' } });
    await server.client.projects.getClock({ project: PROJECT });
    const refused = async () => {
      const { items } = await server.client.governance.listAudit({ project: PROJECT });
      return items.filter((entry) => entry.action === 'loops.trigger' && entry.outcome === 'refused').length;
    };
    for (let tries = 0; tries < 200 && (await refused()) === 0; tries += 1) await sleep(50);
    expect(await refused()).toBe(1);
    expect((await server.client.loops.listTurns({ project: PROJECT })).items.length).toBe(before);
  });

  it('of an unknown loop are answered with the nearest name', async () => {
    await expect(start('quik')).rejects.toMatchObject({ status: 404, message: expect.stringContaining('did you mean "quick"?') });
  });
});
