import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import type { MachineContext, MachineEvent, Transition } from '#platform/machine';
import { openStage, type TurnInput, type TurnState, type TurnTrigger } from './turn.ts';
import { turnMachine } from './turn-machine.ts';

const context: MachineContext = { instanceId: 't', projectId: 'p', nowMs: 100, businessNowMs: 900 };
const trigger: TurnTrigger = { kind: 'alert', source: 'weekly', reason: 'AUC fell', businessAtMs: 900, facts: { n: 10 } };
const input: TurnInput = {
  loop: 'l',
  number: 3,
  pipeline: 'train',
  endpoint: 'e',
  gate: 'g',
  approval: 'automatic',
  trigger,
};
const challenger = { model: 'm', version: 2, digest: 'sha256:c' };

function signal(name: string, data: JsonObject = {}): MachineEvent {
  return { type: 'signal', name, data };
}
function done(step: string, output: JsonObject = {}): MachineEvent {
  return { type: 'effect-done', step, attempt: 1, output };
}
function play(...events: readonly MachineEvent[]): Transition<TurnState> {
  let answer = turnMachine.start(input, context);
  for (const event of events) answer = turnMachine.on(answer.state, event, context) ?? answer;
  return answer;
}

const trained = [
  signal('pipeline-step', { uses: 'features', text: '9 rows' }),
  signal('pipeline-ended', { state: 'done', challenger }),
];
const passed = done('gate', { action: 'promote', verdict: 'pass', text: 'better' });
const approved = done('approval', { state: 'approved', by: 'policy:automatic', approvalId: 'a' });
const promoted = signal('rollout-ended', { outcome: 'promoted', servedDigest: 'sha256:c', rolloutId: 'r' });
const verified = done('verification', { servedDigest: 'sha256:c', text: 'answers with it' });

describe('a turn', () => {
  it('goes through its seven stages and ends promoted', () => {
    const end = play(...trained, passed, approved, promoted, verified);
    expect([end.status, end.state.outcome, end.state.servedDigest]).toEqual(['ended', 'promoted', 'sha256:c']);
    const stages = end.state.stages.map((record) => [record.stage, record.verdict]);
    expect(stages).toEqual(
      ['trigger', 'data', 'training', 'gate', 'approval', 'rollout', 'verification'].map((stage) => [stage, 'pass']),
    );
  });

  it('holds when the gate is undecided, and asks nobody for approval', () => {
    const end = play(...trained, done('gate', { action: 'hold', verdict: 'undecided', text: 'n = 12' }));
    expect([end.status, end.state.outcome, end.state.reason, end.effects]).toEqual(['ended', 'held', 'n = 12', undefined]);
  });

  it('takes a gate verdict it does not know for undecided', () => {
    const end = play(...trained, done('gate', { action: 'hold', verdict: 'excellent' }));
    expect(end.state.stages.at(-1)?.verdict).toBe('undecided');
  });

  it('waits for a person where approval is required, and goes on when it is given', () => {
    const waiting = play(...trained, passed, done('approval', { state: 'waiting', approvalId: 'a' }));
    expect(openStage(waiting.state)?.stage).toBe('approval');
    const rejected = turnMachine.on(waiting.state, signal('approval', { state: 'rejected', by: 'owner', text: 'no' }), context);
    expect(rejected?.state.outcome).toBe('rejected');
    const given = turnMachine.on(waiting.state, signal('approval', { state: 'approved', by: 'owner' }), context);
    expect(given?.effects?.[0]?.kind).toBe('loops.start-rollout');
  });

  it('ends rolled back when a guard sends the traffic back', () => {
    const end = play(
      ...trained,
      passed,
      approved,
      signal('rollout-ended', { outcome: 'rolled-back', servedDigest: 'sha256:old', text: 'errors' }),
    );
    expect([end.state.outcome, end.state.servedDigest]).toEqual(['rolled-back', 'sha256:old']);
  });

  it('ends as its rollout did, and never calls an abort or a failure a hold', () => {
    const endOf = (outcome: string) => play(...trained, passed, approved, signal('rollout-ended', { outcome })).state.outcome;
    expect(['held', 'aborted', 'failed', 'unheard-of'].map(endOf)).toEqual(['held', 'aborted', 'failed', 'held']);
  });

  it('names the approval to the rollout, whichever news of it came first', () => {
    const told = play(...trained, passed, signal('approval', { state: 'approved', by: 'policy:automatic', approvalId: 'a' }));
    expect(told.effects?.[0]?.input).toMatchObject({ approvalId: 'a', challenger });
    expect(play(...trained, passed, approved).effects?.[0]?.input).toMatchObject({ approvalId: 'a' });
  });

  it('holds when its approval was void by the time the rollout should begin', () => {
    const end = play(
      ...trained,
      passed,
      approved,
      done('rollout', { rolloutId: '', text: 'void: the digest of its policy has changed' }),
    );
    expect([end.status, end.state.outcome, end.state.reason]).toEqual([
      'ended',
      'held',
      'void: the digest of its policy has changed',
    ]);
  });

  it('absorbs a second trigger instead of starting anew', () => {
    const absorbed = play(signal('trigger', { ...trigger, kind: 'schedule' }));
    expect(absorbed.state.absorbed).toHaveLength(1);
    expect(openStage(absorbed.state)?.stage).toBe('data');
  });

  it('is aborted by a person at any stage and says who and why', () => {
    const end = play(...trained, signal('abort', { by: 'local-owner', reason: 'wrong data' }));
    expect([end.state.outcome, end.state.reason]).toEqual(['aborted', 'aborted by local-owner: wrong data']);
  });

  it('ends failed when the pipeline fails or registers nothing', () => {
    expect(play(signal('pipeline-ended', { state: 'failed', text: 'step train: exit 1' })).state.outcome).toBe('failed');
    expect(play(signal('pipeline-ended', { state: 'done' })).state.outcome).toBe('failed');
  });

  it('takes the end of the pipeline also when it comes before the news of its start', () => {
    const end = play(...trained, done('pipeline', { pipelineRunId: 'x', number: 4 }), passed);
    expect([end.state.pipelineRunNumber, openStage(end.state)?.stage]).toEqual([4, 'approval']);
  });

  it('ignores answers that belong to another stage', () => {
    const start = turnMachine.start(input, context).state;
    for (const stray of [passed, approved, promoted, verified]) expect(turnMachine.on(start, stray, context)).toBeUndefined();
  });
});
