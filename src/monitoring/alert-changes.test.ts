import { describe, expect, test } from 'vitest';
import { alertChanges } from './alert-changes.ts';
import { aSignal } from './monitoring.fixtures.ts';

const drift = (subject: string, verdict: 'pass' | 'fail' | 'undecided') => aSignal({ kind: 'drift', subject, verdict });
const change = (signals: readonly ReturnType<typeof drift>[], firing: readonly string[], isConclusive = true) => {
  const found = alertChanges({ look: 'drift', signals, firing: firing.map((subject) => ({ subject })), isConclusive });
  return {
    fire: found.fire.map((signal) => signal.subject),
    confirm: found.confirm.map(({ alert }) => alert.subject),
    resolve: found.resolve.map(({ alert }) => alert.subject),
  };
};

describe('alerts', () => {
  test('fire for what fails and does not fire yet', () => {
    expect(change([drift('x', 'fail'), drift('y', 'fail')], ['drift:y'])).toEqual({
      fire: ['x'],
      confirm: ['drift:y'],
      resolve: [],
    });
  });

  test('resolve when their subject passes, and stay when it is undecided', () => {
    expect(change([drift('x', 'pass'), drift('y', 'undecided')], ['drift:x', 'drift:y'])).toEqual({
      fire: [],
      confirm: [],
      resolve: ['drift:x'],
    });
  });

  test('resolve when their subject is no longer found, but only where the rows were enough', () => {
    expect(change([drift('x', 'pass')], ['missing:x']).resolve).toEqual(['missing:x']);
    expect(change([drift('x', 'undecided')], ['missing:x'], false).resolve).toEqual([]);
  });

  test('of performance are left alone by a look at drift', () => {
    expect(change([drift('x', 'pass')], ['performance:roc_auc']).resolve).toEqual([]);
  });
});
