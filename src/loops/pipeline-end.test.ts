import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { type PipelineRunState, planPipeline, type StepSection } from '#pipelines';
import { endOf } from './pipeline-end.ts';

const registered = { model: 'churn', version: 2, digest: 'sha256:c', text: 'registered' };

/** A run of which every step is done, with what each has made. */
function aRun(steps: readonly StepSection[], outputs: Readonly<Record<string, JsonObject>>): PipelineRunState {
  const planned = planPipeline({ steps }).map((step) => ({ ...step, with: {}, environment: {} }));
  const states = planned.map((step) => [
    step.name,
    { state: 'done', startedAtMs: 1, endedAtMs: 2, output: outputs[step.name] ?? {}, error: null },
  ]);
  return {
    pipeline: 'main',
    number: 1,
    trigger: {},
    parentId: 't',
    revision: 1,
    documentDigest: 'd',
    steps: planned,
    states: Object.fromEntries(states) as PipelineRunState['states'],
    state: 'done',
  };
}

describe('the end of a pipeline', () => {
  it('names the version that the step register made, whatever versions a command speaks of', () => {
    const steps: StepSection[] = [
      { name: 'report', run: ['make-report'] },
      { name: 'register', uses: 'register', needs: ['report'] },
    ];
    const end = endOf(aRun(steps, { report: { version: '1.2', text: 'report of version 1.2' }, register: registered }));
    expect(end['challenger']).toEqual(registered);
  });

  it('takes the version of a command only where no step registers, and only a whole one', () => {
    const steps: StepSection[] = [{ name: 'own', run: ['register-it'] }];
    expect(endOf(aRun(steps, { own: registered }))['challenger']).toEqual(registered);
    expect(endOf(aRun(steps, { own: { version: 2 } }))['challenger']).toBeNull();
  });

  it('names the step that failed and why', () => {
    const run = aRun([{ name: 'own', run: ['x'] }], {});
    const own = { ...run.states['own'], state: 'failed', error: { code: 'a/b', message: 'exit 1' } };
    const failed = { ...run, state: 'failed', states: { own } } as PipelineRunState;
    expect(endOf(failed)).toEqual({ state: 'failed', text: 'step own: exit 1' });
  });
});
