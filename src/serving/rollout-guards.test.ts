import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latencyBucketOf } from './latency-buckets.ts';
import { alarmChance, judgeStep, type SideEvidence, type StepEvidence } from './rollout-guards.ts';

const guards = { errorRateIncrease: 0.01, latencyP99Ms: 50, scoreShift: 0.2 };
const rules = { guards, minimumRequests: 200, nSteps: 2, look: 4 };

function aSide(requests: number, more: { errors?: number; latencyMs?: number; meanScore?: number } = {}): SideEvidence {
  const { errors = 0, latencyMs = 5, meanScore = 0.3 } = more;
  const latencyCounts = Array.from({ length: 200 }, () => 0);
  latencyCounts[latencyBucketOf(latencyMs * 1000)] = requests;
  const scoreSquareSum = requests * (meanScore * meanScore + 0.01);
  return { requests, errors, rows: requests, scoreSum: requests * meanScore, scoreSquareSum, latencyCounts };
}

const evidence = (challenger: SideEvidence, control = aSide(2000), quality: StepEvidence['quality'] = null): StepEvidence => ({
  challenger,
  control,
  quality,
});
const reason = (judgement: ReturnType<typeof judgeStep>, rule: string) => judgement.reasons.find((one) => one.rule === rule);

describe('a step is judged', () => {
  test('pass when every guard holds and requests were enough', () => {
    expect(judgeStep(evidence(aSide(1000)), rules).verdict).toBe('pass');
  });

  test('undecided with too few requests, saying how many would decide', () => {
    const judgement = judgeStep(evidence(aSide(100)), rules);

    expect(judgement.verdict).toBe('undecided');
    expect(reason(judgement, 'minimum-requests')?.verdict).toBe('undecided');
    expect(judgement.requestsNeeded).toBeGreaterThan(200);
  });

  test('undecided at the minimum of requests when these cannot rule the guarded harm out', () => {
    const judgement = judgeStep(evidence(aSide(200)), rules);

    expect(judgement.verdict).toBe('undecided');
    // Wilson's one-sided 95 % bound of 0 of n is z^2 / (n + z^2): below 1 % from 268 on; the control's own width adds nothing at 0 errors.
    expect(judgement.requestsNeeded).toBe(268);
    expect(reason(judgement, 'errors')?.text).toContain('about 268 requests would decide');
  });

  test('pass at as many requests as it said', () => {
    expect(judgeStep(evidence(aSide(268)), rules).verdict).toBe('pass');
    expect(judgeStep(evidence(aSide(267)), rules).verdict).toBe('undecided');
  });

  test('fail when errors rise beyond the guard and chance', () => {
    const judgement = judgeStep(evidence(aSide(1000, { errors: 50 })), rules);

    expect(judgement.verdict).toBe('fail');
    expect(reason(judgement, 'errors')).toMatchObject({ verdict: 'fail', value: 0.05, threshold: 0.01 });
  });

  test('not fail when the control errs as much', () => {
    const judgement = judgeStep(evidence(aSide(1000, { errors: 50 }), aSide(9000, { errors: 450 })), rules);

    expect(reason(judgement, 'errors')?.verdict).not.toBe('fail');
  });

  test('fail at the first look already when everything fails', () => {
    expect(judgeStep(evidence(aSide(50, { errors: 50 })), { ...rules, look: 1 }).verdict).toBe('fail');
  });

  test('fail when the challenger alone is slow', () => {
    const judgement = judgeStep(evidence(aSide(1000, { latencyMs: 80 })), rules);

    expect(reason(judgement, 'latency-p99')?.verdict).toBe('fail');
    expect(judgement.verdict).toBe('fail');
  });

  test('against the control when the control is slow too', () => {
    const slow = (challengerMs: number) =>
      reason(judgeStep(evidence(aSide(1000, { latencyMs: challengerMs }), aSide(2000, { latencyMs: 80 })), rules), 'latency-p99');

    expect(slow(80)).toMatchObject({ verdict: 'pass' });
    expect(slow(80)?.text).toContain('the control is over it too');
    expect(slow(160)).toMatchObject({ verdict: 'fail' });
  });

  test('fail when scores shift grossly', () => {
    expect(reason(judgeStep(evidence(aSide(1000, { meanScore: 0.8 })), rules), 'score-shift')?.verdict).toBe('fail');
    expect(reason(judgeStep(evidence(aSide(1000, { meanScore: 0.35 })), rules), 'score-shift')?.verdict).toBe('pass');
  });

  test('fail when labels show a loss, and not held up while they show nothing', () => {
    const quality = { metric: 'roc_auc', gain: -0.05, low: -0.08, high: -0.02, n: 500, margin: 0.005 };

    expect(judgeStep(evidence(aSide(1000), aSide(2000), quality), rules).verdict).toBe('fail');
    expect(judgeStep(evidence(aSide(1000), aSide(2000), { ...quality, low: -0.1, high: 0.1 }), rules).verdict).toBe('pass');
  });

  test('never pass below the minimum of requests, whatever the evidence', () => {
    fc.assert(
      fc.property(fc.nat(199), fc.nat(5000), fc.nat(199), (requests, control, errors) => {
        const challenger = aSide(requests, { errors: Math.min(errors, requests) });
        return judgeStep(evidence(challenger, aSide(control)), rules).verdict !== 'pass';
      }),
    );
  });
});

test('all looks of all steps together spend at most 5 % on false alarms', () => {
  for (const nSteps of [1, 2, 5]) {
    let spent = 0;
    for (let look = 1; look <= 60; look += 1) spent += nSteps * alarmChance(nSteps, look);
    expect(spent).toBeLessThanOrEqual(0.05 + 1e-12);
    expect(spent).toBeGreaterThan(0.04);
  }
});
