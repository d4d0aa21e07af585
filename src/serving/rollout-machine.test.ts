import { describe, expect, test } from 'vitest';
import type { MachineEvent, Transition } from '#platform/machine';
import type { SideEvidence, StepEvidence } from './rollout-guards.ts';
import { LOOK_EFFECT, rolloutMachine, SET_WEIGHTS_EFFECT, type SetWeightsInput } from './rollout-machine.ts';
import type { RolloutInput, RolloutState } from './rollout-state.ts';

const control = { name: 'v1', version: 1, modelDigest: `sha256:${'1'.repeat(64)}` };
const challenger = { name: 'v2', version: 2, modelDigest: `sha256:${'2'.repeat(64)}` };
const plan = {
  steps: [10, 50, 100],
  bakeMs: 1000,
  maximumBakeMs: 7000,
  minimumRequests: 400,
  guards: { errorRateIncrease: 0.01, latencyP99Ms: 50, scoreShift: 0.2 },
};
const input: RolloutInput = { endpoint: 'e', model: 'm', challenger, control, turnId: null, actor: 'a', plan };

/** Drives the machine by hand and remembers what it asked for. */
class Drive {
  state: RolloutState;
  status = 'open';
  last: Transition<RolloutState>;
  businessNowMs = 0;

  constructor(given: RolloutInput = input) {
    this.last = rolloutMachine.start(given, this.context());
    this.state = this.last.state;
  }

  context() {
    return { instanceId: 'i', projectId: 'p', nowMs: 5, businessNowMs: this.businessNowMs };
  }

  tell(event: MachineEvent): Transition<RolloutState> | undefined {
    const next = rolloutMachine.on(this.state, event, this.context());
    if (next === undefined) return undefined;
    this.last = next;
    this.state = next.state;
    this.status = next.status;
    return next;
  }

  get weights(): Readonly<Record<string, number>> {
    const effect = this.last.effects?.find((one) => one.kind === SET_WEIGHTS_EFFECT);
    const deployments = (effect?.input as SetWeightsInput | undefined)?.deployments ?? [];
    return Object.fromEntries(deployments.map(({ name, weight }) => [name, weight]));
  }

  written(revision: number) {
    return this.tell({ type: 'effect-done', step: `weights-${String(this.state.writes)}`, attempt: 1, output: { revision } });
  }

  report(revision: number, more: { digests?: Record<string, string>; requests?: number; failure?: string } = {}) {
    const digests = more.digests ?? { v1: control.modelDigest, v2: challenger.modelDigest };
    const failure = more.failure === undefined ? null : { revision, message: more.failure };
    return this.tell({ type: 'signal', name: 'report', data: { revision, digests, failure, requests: more.requests ?? 0 } });
  }

  looked(evidence: StepEvidence) {
    const step = `look-${String(this.state.writes)}-${String(this.state.looks)}`;
    return this.tell({ type: 'effect-done', step, attempt: 1, output: { ...evidence } });
  }

  timer(name: string) {
    return this.tell({ type: 'timer', name, dueAtMs: this.businessNowMs });
  }

  person(name: string) {
    return this.tell({ type: 'signal', name, data: { actor: 'ann', reason: 'because' } });
  }

  /** Writes and serves the present step. */
  serve(revision: number): void {
    this.written(revision);
    this.report(revision);
  }

  isLooking(): boolean {
    return this.last.effects?.some((effect) => effect.kind === LOOK_EFFECT) ?? false;
  }
}

function aSide(requests: number, errors = 0): SideEvidence {
  return {
    requests,
    errors,
    rows: requests,
    scoreSum: requests * 0.3,
    scoreSquareSum: requests * 0.1,
    latencyCounts: [requests],
  };
}
const good: StepEvidence = { challenger: aSide(1000), control: aSide(4000), quality: null };
const bad: StepEvidence = { challenger: aSide(1000, 300), control: aSide(4000), quality: null };
const thin: StepEvidence = { challenger: aSide(3), control: aSide(30), quality: null };

describe('a rollout', () => {
  test('goes through its steps and ends promoted, proven by the digest', () => {
    const drive = new Drive();
    expect(drive.weights).toEqual({ v1: 90, v2: 10 });
    drive.serve(1);
    drive.timer('bake');
    expect(drive.isLooking()).toBe(true);
    drive.looked(good);
    expect(drive.weights).toEqual({ v1: 50, v2: 50 });
    drive.serve(2);
    drive.timer('bake');
    drive.looked(good);
    expect(drive.weights).toEqual({ v2: 100 });
    drive.serve(3);

    expect(drive.status).toBe('ended');
    expect(drive.state).toMatchObject({ outcome: 'promoted', servedDigest: challenger.modelDigest });
    expect(drive.state.decisions.map((decision) => decision.action)).toEqual(['promote', 'promote', 'promote']);
  });

  test('of the first deployment goes straight to all traffic once it is served', () => {
    const drive = new Drive({ ...input, control: null });
    expect(drive.weights).toEqual({ v2: 100 });
    drive.serve(1);

    expect(drive.state.outcome).toBe('promoted');
  });

  test('waits for the report of its own revision with the right digest', () => {
    const drive = new Drive();
    drive.written(7);
    drive.report(6);
    expect(drive.state.phase).toBe('applying');
    drive.report(7, { digests: { v1: control.modelDigest, v2: control.modelDigest } });
    expect(drive.state.phase).toBe('applying');
    drive.report(7);

    expect(drive.state.phase).toBe('baking');
  });

  test('goes on when the report comes before the word that the weights are written', () => {
    const drive = new Drive();
    drive.report(1);
    drive.written(1);

    expect(drive.state.phase).toBe('baking');
  });

  test('bakes by business time', () => {
    const drive = new Drive();
    drive.businessNowMs = 500;
    drive.serve(1);

    expect(drive.last.timers).toEqual([
      { name: 'bake', fireAtMs: 1500, clock: 'business' },
      { name: 'maximum-bake', fireAtMs: 7500, clock: 'business' },
    ]);
  });

  test('does not go on before its bake is over, however good it looks', () => {
    const drive = new Drive();
    drive.serve(1);
    drive.report(1, { requests: 1000 });
    expect(drive.isLooking()).toBe(true);
    drive.looked(good);

    expect(drive.state.phase).toBe('baking');
    expect(drive.state.step).toBe(0);
  });

  test('looks at planned counts of requests, and does not look between them', () => {
    const drive = new Drive();
    drive.serve(1);
    expect(drive.report(1, { requests: 99 })).toBeUndefined();
    expect(drive.report(1, { requests: 100 })).toBeDefined();
    drive.looked({ ...good, challenger: aSide(100) });

    expect(drive.state.nextLookRequests).toBe(200);
  });

  test('rolls back at a breached guard before the bake is over, and ends when the control answers again', () => {
    const drive = new Drive();
    drive.serve(1);
    drive.report(1, { requests: 100 });
    drive.looked(bad);
    expect(drive.weights).toEqual({ v1: 100 });
    drive.written(2);
    expect(drive.status).toBe('open');
    drive.report(2, { digests: { v1: control.modelDigest } });

    expect(drive.status).toBe('ended');
    expect(drive.state).toMatchObject({ outcome: 'rolled-back', servedDigest: control.modelDigest });
  });

  test('holds with too few requests, and goes on when they have come', () => {
    const drive = new Drive();
    drive.serve(1);
    drive.timer('bake');
    drive.looked(thin);
    expect(drive.state.decisions.at(-1)?.action).toBe('hold');
    expect(drive.state.phase).toBe('baking');
    drive.report(1, { requests: 1000 });
    drive.looked(good);

    expect(drive.weights).toEqual({ v1: 50, v2: 50 });
  });

  test('gives up after the longest bake: held, and the control has all traffic', () => {
    const drive = new Drive();
    drive.serve(1);
    drive.timer('bake');
    drive.looked(thin);
    drive.timer('maximum-bake');
    drive.looked(thin);
    expect(drive.weights).toEqual({ v1: 100 });
    drive.serve(2);

    expect(drive.state.outcome).toBe('held');
  });

  test('looks again when a timer fired while it was looking', () => {
    const drive = new Drive();
    drive.serve(1);
    drive.timer('bake');
    drive.timer('maximum-bake');
    drive.looked(thin);

    expect(drive.state.ending).toBe('held');
  });

  test('goes back when the version cannot be loaded', () => {
    const drive = new Drive();
    drive.written(1);
    drive.report(0, { digests: { v1: control.modelDigest } });
    drive.tell({
      type: 'signal',
      name: 'report',
      data: { revision: 0, digests: {}, failure: { revision: 1, message: 'no blob' }, requests: 0 },
    });
    expect(drive.weights).toEqual({ v1: 100 });
    drive.serve(2);

    expect(drive.state.outcome).toBe('failed');
    expect(drive.state.decisions[0]?.reasons[0]?.text).toBe('no blob');
  });

  test('goes back when nobody reports', () => {
    const drive = new Drive();
    drive.written(1);
    drive.timer('apply-limit');

    expect(drive.weights).toEqual({ v1: 100 });
  });

  test('takes a first deployment that cannot be loaded out of service', () => {
    const drive = new Drive({ ...input, control: null });
    drive.written(1);
    drive.report(1, { failure: 'no blob' });
    expect(drive.last.effects?.[0]?.input['deployments']).toEqual([]);
    drive.written(2);

    expect(drive.state.outcome).toBe('failed');
  });

  test('that a person holds stays where it is, but a guard still rolls it back', () => {
    const drive = new Drive();
    drive.serve(1);
    drive.person('hold');
    drive.timer('bake');
    drive.looked(good);
    drive.timer('maximum-bake');
    drive.looked(good);
    expect(drive.state.phase).toBe('paused');
    drive.report(1, { requests: 1_000_000 });
    drive.looked(bad);

    expect(drive.state.ending).toBe('rolled-back');
  });

  test('that is held while its weights are applied bakes for nobody', () => {
    const drive = new Drive();
    drive.person('hold');
    drive.serve(1);

    expect(drive.state.phase).toBe('paused');
  });

  test('that a person promotes gets all traffic at once', () => {
    const drive = new Drive();
    drive.serve(1);
    drive.person('promote');
    expect(drive.weights).toEqual({ v2: 100 });
    drive.serve(2);

    expect(drive.state.outcome).toBe('promoted');
    expect(drive.state.decisions[0]?.reasons[0]).toMatchObject({ rule: 'person', verdict: 'waived', text: 'ann: because' });
  });

  test('that a person aborts goes back, and nothing stops that', () => {
    const drive = new Drive();
    drive.serve(1);
    drive.person('abort');
    expect(drive.person('promote')).toBeUndefined();
    drive.serve(2);

    expect(drive.state.outcome).toBe('aborted');
    expect(drive.tell({ type: 'signal', name: 'abort', data: {} })).toBeUndefined();
  });

  test('ignores looks of a step that is over', () => {
    const drive = new Drive();
    drive.serve(1);
    drive.timer('bake');
    const stale = { type: 'effect-done', step: 'look-1-1', attempt: 1, output: { ...good } } as const;
    drive.tell(stale);

    expect(drive.tell(stale)).toBeUndefined();
  });
});
