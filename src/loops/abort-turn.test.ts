import { describe, expect, it } from 'vitest';
import type { MachineInstance } from '#platform/machine';
import type { SqlTx } from '#platform/sql';
import { type AbortDeps, abortTurn } from './abort-turn-sql.ts';

// The parts below never look into a transaction.
const tx = {} as SqlTx;
const turn: MachineInstance = {
  id: 't1',
  kind: 'loops.turn',
  projectId: 'p',
  key: 'turn-1',
  status: 'open',
  state: { number: 1, outcome: 'open', rolloutId: '', pipelineRunId: '' },
  version: 4,
  startedAtMs: 0,
  endedAtMs: undefined,
};

interface OpenRollout {
  readonly id: string;
  readonly turnId: string;
  readonly outcome: string;
  readonly phase: string;
}

/** Notes what is called, in order. */
function aWorld(rollouts: readonly OpenRollout[]) {
  const calls: unknown[] = [];
  const note =
    (name: string) =>
    (_tx: SqlTx, ...asked: readonly unknown[]): Promise<never> => {
      calls.push([name, ...asked]);
      return Promise.resolve(turn as never);
    };
  const deps = {
    platform: { machines: { signal: note('signal') }, audit: { append: note('audit') } },
    pipelines: { cancelPipelinesOf: note('cancel') },
    serving: { rollouts: () => Promise.resolve(rollouts), signalRollout: note('rollout') },
  } as unknown as AbortDeps;
  return { calls, abort: (instance = turn) => abortTurn(deps, tx, { instance, actor: 'ann', reason: 'wrong data' }) };
}

describe('a person who aborts a turn', () => {
  it('stops the pipeline and the rollout that it started, also when it has not heard of them yet', async () => {
    const { calls, abort } = aWorld([
      { id: 'other', turnId: 't0', outcome: 'open', phase: 'baking' },
      { id: 'r1', turnId: 't1', outcome: 'open', phase: 'applying' },
    ]);
    await abort();

    expect(calls).toEqual([
      ['cancel', { projectId: 'p', parentId: 't1', actor: 'ann' }],
      ['rollout', { rolloutId: 'r1', verb: 'abort', actor: 'ann', reason: 'wrong data' }],
      ['audit', expect.objectContaining({ actor: 'ann', action: 'loops.abort', resource: 'turn:1' })],
      ['signal', 't1', { name: 'abort', data: { by: 'ann', reason: 'wrong data' } }],
    ]);
  });

  it('is heard also while the traffic goes back already', async () => {
    const { calls, abort } = aWorld([{ id: 'r1', turnId: 't1', outcome: 'open', phase: 'restoring' }]);
    await abort();

    expect(calls.map((call) => (call as readonly unknown[])[0])).toEqual(['cancel', 'audit', 'signal']);
  });

  it('is told when the turn has ended, and stops nothing', async () => {
    const { calls, abort } = aWorld([]);
    await expect(abort({ ...turn, status: 'ended', state: { ...turn.state, outcome: 'held' } })).rejects.toThrow(
      'ended already: held',
    );
    expect(calls).toEqual([]);
  });
});
