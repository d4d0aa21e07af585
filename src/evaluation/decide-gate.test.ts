import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_MS, type Estimate } from '#kernel';
import { decideGate } from './decide-gate.ts';
import { aGate, anEstimate, anEvidence } from './evaluation.fixtures.ts';
import type { GateDecision, GateEvidence } from './gate.ts';

const better = anEstimate(0.002, 0.01);
const same = anEstimate(-0.002, 0.003);
const worse = anEstimate(-0.02, -0.01);
const missing = { modelDigest: 'sha256:champion', value: anEstimate(0.68, 0.7), ageMs: 30 * DAY_MS };
const healthy = { modelDigest: 'sha256:champion', value: anEstimate(0.73, 0.75), ageMs: 30 * DAY_MS };
const old = { modelDigest: 'sha256:champion', value: anEstimate(0.73, 0.75), ageMs: 91 * DAY_MS };

function verdictsOf(decision: GateDecision): Readonly<Record<string, string>> {
  return Object.fromEntries(decision.reasons.map((reason) => [reason.rule, reason.verdict]));
}

test('a challenger that is better than the champion is promoted', () => {
  const decision = decideGate(anEvidence({ difference: better }), aGate());
  expect(decision).toMatchObject({ verdict: 'pass', action: 'promote' });
  expect(decision.summary).toBe('promote: better than the champion: roc_auc +0.006 ± 0.004');
});

test('one that is not worse is promoted while the champion misses its objective or is too old, and only then', () => {
  expect(decideGate(anEvidence({ difference: same, champion: missing }), aGate()).action).toBe('promote');
  expect(decideGate(anEvidence({ difference: same, champion: old }), aGate()).action).toBe('promote');
  const held = decideGate(anEvidence({ difference: same }), aGate());
  expect(held).toMatchObject({ verdict: 'undecided', action: 'hold' });
  expect(verdictsOf(held)).toMatchObject({ superior: 'undecided', 'non-inferior': 'pass', 'champion-age': 'fail' });
});

test('one that is worse than the margin fails, whatever the champion is like', () => {
  for (const champion of [missing, old]) {
    const decision = decideGate(anEvidence({ difference: worse, champion }), aGate());
    expect(decision).toMatchObject({ verdict: 'fail', action: 'hold' });
  }
});

test('one that is surely not better fails when the champion is good and young', () => {
  const decision = decideGate(anEvidence({ difference: anEstimate(-0.004, 0) }), aGate());
  expect(decision.verdict).toBe('fail');
});

test('a champion of which it is not sure that it misses its objective is no reason to replace it', () => {
  const champion = { ...missing, value: anEstimate(0.7, 0.73) };
  const decision = decideGate(anEvidence({ difference: same, champion }), aGate());
  expect(decision.verdict).toBe('undecided');
  expect(verdictsOf(decision)).toMatchObject({ 'champion-below-objective': 'undecided' });
});

test('without a champion the baseline takes its place: better passes, not worse is no merit', () => {
  const { champion: _champion, ...rest } = anEvidence();
  const baseline = { modelDigest: 'sha256:prior', value: anEstimate(0.5, 0.5) };
  expect(decideGate({ ...rest, baseline, difference: better }, aGate()).summary).toContain('better than the baseline');
  expect(decideGate({ ...rest, baseline, difference: same }, aGate())).toMatchObject({ verdict: 'undecided' });
  expect(decideGate({ ...rest, baseline, difference: worse }, aGate())).toMatchObject({ verdict: 'fail' });
});

test('missing or too little evidence never passes and never fails', () => {
  const { champion: _champion, difference: _difference, ...nothing } = anEvidence();
  const { difference: _unknown, ...uncompared } = anEvidence();
  const lacking: readonly [string, GateEvidence][] = [
    ['reference', nothing],
    ['reference', uncompared],
    ['rows', anEvidence({ difference: better, nRows: 999 })],
    ['days', anEvidence({ difference: worse, nDays: 9 })],
    ['interval', anEvidence({ difference: { ...better, low: Number.NaN, high: Number.NaN } })],
    ['interval', anEvidence({ difference: { ...better, level: 0.9 } })],
    ['interval', anEvidence({ difference: { ...better, method: 'delong, conditional' } })],
  ];
  for (const [rule, evidence] of lacking) {
    const decision = decideGate(evidence, aGate());
    expect(decision, rule).toMatchObject({ verdict: 'undecided', action: 'hold' });
    expect(verdictsOf(decision)[rule]).toBe('undecided');
  }
});

test('an interval of fewer than three days never decides, even where the gate asks for one day', () => {
  const evidence = anEvidence({ difference: { ...better, method: 'delong, conditional' }, nDays: 2 });
  expect(decideGate(evidence, aGate({ minimumDays: 1 })).verdict).toBe('undecided');
  const jackknife = anEvidence({ difference: { ...better, method: 'day-jackknife-t(3 days)' }, nDays: 3 });
  expect(decideGate(jackknife, aGate({ minimumDays: 3 })).verdict).toBe('pass');
});

test('the champion itself is never promoted', () => {
  const champion = { ...missing, modelDigest: 'sha256:challenger' };
  const decision = decideGate(anEvidence({ champion, difference: anEstimate(0, 0) }), aGate());
  expect(decision).toMatchObject({ verdict: 'fail', action: 'hold' });
  const twin = decideGate(anEvidence({ difference: anEstimate(0, 0) }), aGate());
  expect(verdictsOf(twin)).toMatchObject({ superior: 'fail' });
});

test('a metric that is minimized is held against its margin and target the other way round', () => {
  const rules = aGate({ objective: { name: 'loss', metric: 'log_loss', direction: 'minimize', target: 0.4 }, margin: 0.01 });
  const value = anEstimate(0.3, 0.35);
  const champion = { modelDigest: 'sha256:champion', value, ageMs: 0 };
  const decide = (difference: Estimate, championValue = value) =>
    decideGate(
      anEvidence({ challenger: { modelDigest: 'x', value }, champion: { ...champion, value: championValue }, difference }),
      rules,
    );
  expect(decide(anEstimate(-0.02, -0.01)).action).toBe('promote');
  expect(verdictsOf(decide(anEstimate(0.02, 0.03)))).toMatchObject({ superior: 'fail', 'non-inferior': 'fail' });
  expect(decide(anEstimate(-0.001, 0.009), anEstimate(0.41, 0.45)).action).toBe('promote');
  expect(verdictsOf(decide(anEstimate(-0.001, 0.009)))).toMatchObject({ objective: 'pass', 'champion-below-objective': 'fail' });
});

test('the objective has a line of its own that informs and does not decide', () => {
  const decision = decideGate(anEvidence({ difference: better }), aGate({ objective: { ...aGate().objective, target: 0.9 } }));
  const line = decision.reasons.find((reason) => reason.rule === 'objective');
  expect(line).toMatchObject({ weight: 'informs', verdict: 'fail', threshold: 0.9, pointer: '/objectives/retention/target' });
  expect(decision.action).toBe('promote');
});

test('every line says what was found, what would have turned it, and which key of the project file it comes from', () => {
  const decision = decideGate(anEvidence({ difference: same, champion: missing, nRows: 900 }), aGate({ name: 'a/b' }));
  const lines = Object.fromEntries(decision.reasons.map((reason) => [reason.rule, reason]));
  expect(lines['rows']).toMatchObject({ flip: '100 rows more', pointer: '/gates/a~1b/minimumRows', n: 900, threshold: 1000 });
  expect(lines['superior']?.flip).toBe('the same gain on about 125000 rows, or a gain above 0.0025 on as many rows');
  expect(lines['non-inferior']).toMatchObject({ flip: 'a margin of 0.002', threshold: -0.005, pointer: '/gates/a~1b/margin' });
  expect(lines['champion-below-objective']?.flip).toBe('a target of at most 0.7');
  expect(lines['champion-age']?.flip).toBe('an allowed age below 30 d');
});

const anyEstimate = fc
  .record({
    a: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
    b: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
    method: fc.constantFrom('day-bootstrap(12 days)', 'delong, conditional'),
    level: fc.constantFrom(0.9, 0.95, 0.99),
  })
  .map(({ a, b, method, level }) => anEstimate(Math.min(a, b), Math.max(a, b), { method, level }));

test('a promotion always has enough evidence, and either a better challenger or a champion that has to go', () => {
  fc.assert(
    fc.property(
      anyEstimate,
      fc.integer({ min: 0, max: 3000 }),
      fc.integer({ min: 0, max: 30 }),
      fc.constantFrom(missing, old, healthy),
      (difference, nRows, nDays, champion) => {
        const evidence = anEvidence({ difference, nRows, nDays, champion });
        const decision = decideGate(evidence, aGate());
        if (decision.action !== 'promote') return;
        expect(nRows >= 1000 && nDays >= 10 && difference.level >= 0.95).toBe(true);
        expect(difference.low > 0 || (difference.low > -0.005 && champion !== healthy)).toBe(true);
      },
    ),
  );
});

test('more evidence for the challenger never turns a promotion into a hold', () => {
  fc.assert(
    fc.property(anyEstimate, fc.double({ min: 0, max: 0.05, noNaN: true }), (difference, more) => {
      const shifted = { ...difference, value: difference.value + more, low: difference.low + more, high: difference.high + more };
      const before = decideGate(anEvidence({ difference }), aGate()).action;
      if (before === 'promote') expect(decideGate(anEvidence({ difference: shifted }), aGate()).action).toBe('promote');
    }),
  );
});
