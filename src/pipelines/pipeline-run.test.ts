import { describe, expect, it } from 'vitest';
import type { MachineContext, Transition } from '#platform/machine';
import { planPipeline, type StepSection } from './pipeline.ts';
import { type PipelineRunState, pipelineRunMachine, stepJson } from './pipeline-run.ts';

const context: MachineContext = { instanceId: 'i', projectId: 'p', nowMs: 5, businessNowMs: 7 };

function started(steps: readonly StepSection[]): Transition<PipelineRunState> {
  const input = { pipeline: 'main', number: 1, trigger: {}, parentId: '', revision: 1, documentDigest: 'd' };
  return pipelineRunMachine.start({ ...input, steps: planPipeline({ steps }).map(stepJson) }, context);
}

function done(state: PipelineRunState, step: string, output = {}): Transition<PipelineRunState> | undefined {
  return pipelineRunMachine.on(state, { type: 'effect-done', step, attempt: 1, output }, context);
}

const diamond: readonly StepSection[] = [
  { name: 'a', uses: 'ingest' },
  { name: 'b', run: ['true'], needs: ['a'] },
  { name: 'c', run: ['true'], needs: ['a'] },
  { name: 'd', uses: 'train', needs: ['b', 'c'] },
];

describe('a pipeline run', () => {
  it('starts only the steps that wait for nothing', () => {
    expect(started(diamond).effects?.map((effect) => effect.step)).toEqual(['a']);
  });

  it('starts both arms of a fork at once and the join after both', () => {
    const afterA = done(started(diamond).state, 'a');
    expect(afterA?.effects?.map((effect) => effect.step)).toEqual(['b', 'c']);
    const afterB = afterA && done(afterA.state, 'b');
    expect(afterB?.effects).toEqual([]);
    const afterC = afterB && done(afterB.state, 'c');
    expect(afterC?.effects?.map((effect) => effect.step)).toEqual(['d']);
  });

  it('hands every step what the done steps have made', () => {
    const next = done(started(diamond).state, 'a', { digest: 'x' });
    expect(next?.effects?.[0]?.input['outputs']).toEqual({ a: { digest: 'x' } });
  });

  it('ends as done after the last step', () => {
    const single = started([{ name: 'only', run: ['true'] }]);
    const end = done(single.state, 'only');
    expect([end?.status, end?.state.state]).toEqual(['ended', 'done']);
  });

  it('counts a step once, however often its completion is told', () => {
    const next = done(started(diamond).state, 'a');
    expect(next && done(next.state, 'a')).toBeUndefined();
  });

  it('ends as failed at the first failure, cancels what runs and skips the rest', () => {
    const next = done(started(diamond).state, 'a');
    const event = { type: 'effect-failed', step: 'b', attempt: 1, error: { code: 'x/y', message: 'no' } } as const;
    const end = next && pipelineRunMachine.on(next.state, event, context);
    expect(end?.status).toBe('ended');
    expect(Object.fromEntries(Object.entries(end?.state.states ?? {}).map(([name, step]) => [name, step.state]))).toEqual({
      a: 'done',
      b: 'failed',
      c: 'cancelled',
      d: 'skipped',
    });
  });

  it('ends as cancelled when a person stops it', () => {
    const end = pipelineRunMachine.on(started(diamond).state, { type: 'signal', name: 'cancel', data: {} }, context);
    expect([end?.status, end?.state.state, end?.state.states['a']?.state]).toEqual(['ended', 'cancelled', 'cancelled']);
  });
});

describe('a pipeline in the project file', () => {
  it('refuses a circle and names it', () => {
    const steps: StepSection[] = [
      { name: 'a', uses: 'ingest', needs: ['b'] },
      { name: 'b', uses: 'train', needs: ['a'] },
    ];
    expect(() => planPipeline({ steps })).toThrow('a → b → a');
  });

  it('suggests the nearest step for an unknown need', () => {
    const steps: StepSection[] = [
      { name: 'ingest', uses: 'ingest' },
      { name: 'train', uses: 'train', needs: ['ingst'] },
    ];
    expect(() => planPipeline({ steps })).toThrow('did you mean "ingest"?');
  });

  it('refuses a step that is neither built in nor a command, and one that is both', () => {
    expect(() => planPipeline({ steps: [{ name: 'x' }] })).toThrow('either');
    expect(() => planPipeline({ steps: [{ name: 'x', uses: 'train', run: ['true'] }] })).toThrow('either');
  });

  it('reads limits with their units', () => {
    const step = planPipeline({ steps: [{ name: 'x', run: ['true'], timeout: '90s', memory: '1.5GiB' }] })[0];
    expect([step?.timeoutMs, step?.memoryLimitBytes]).toEqual([90_000, 1_610_612_736]);
  });
});
