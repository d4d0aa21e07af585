import { describe, expect, it } from 'vitest';
import {
  cutDatasets,
  gateReasons,
  plainFacts,
  rolloutLooks,
  rolloutSteps,
  stepSentences,
  trainedCandidates,
  wordsOf,
} from './evidence.ts';

describe('evidence of the gate', () => {
  const reason = {
    rule: 'superior',
    weight: 'decides',
    verdict: 'undecided',
    value: { value: 'NaN', low: 'NaN', high: 'NaN', level: 0.95, n: 4, method: 'none' },
    threshold: 0,
    n: 4,
    text: 'not told apart',
    flip: 'more rows',
    pointer: '/gates/g/level',
  };

  it('is read line by line, words for numbers included', () => {
    const [read] = gateReasons({ reasons: [reason] });

    expect(read).toMatchObject({ rule: 'superior', verdict: 'undecided', n: 4, flip: 'more rows', pointer: '/gates/g/level' });
    expect(read?.value?.value).toBeNaN();
  });

  it('is found one level down, too', () => {
    expect(gateReasons({ decision: { reasons: [reason] } })).toHaveLength(1);
  });

  it('is nothing where the form is another', () => {
    expect(gateReasons({})).toEqual([]);
    expect(gateReasons({ reasons: 'none' })).toEqual([]);
    expect(gateReasons({ reasons: [null] })[0]).toMatchObject({ rule: '', value: undefined });
  });
});

describe('evidence of the pipeline', () => {
  it('tells datasets with their quarantine by check, whatever the step is called', () => {
    const evidence = {
      'cut-it': {
        datasets: [{ dataset: 'arrivals', number: 2, digest: 'sha256:a', rows: 10, quarantined: 3, reasons: { late: 3 } }],
      },
    };

    expect(cutDatasets(evidence)).toEqual([
      { dataset: 'arrivals', number: 2, digest: 'sha256:a', rows: 10, quarantined: 3, reasons: [{ check: 'late', rows: 3 }] },
    ]);
  });

  it('marks the best candidate by its run', () => {
    const evidence = {
      train: {
        candidates: [
          { runId: 'a', kind: 'prior' },
          { runId: 'b', kind: 'gbt' },
        ],
        best: { runId: 'b' },
      },
    };

    expect(trainedCandidates(evidence).map((candidate) => [candidate.kind, candidate.isBest])).toEqual([
      ['prior', false],
      ['gbt', true],
    ]);
  });

  it('gives the sentence of each step that has one, as they came', () => {
    const evidence = { package: { text: '30 KiB' }, train: { text: 'three trained' }, size: { sizeBytes: 4 }, note: 'x' };

    expect(stepSentences(evidence, 'three trained; 30 KiB').map(({ step }) => step)).toEqual(['train', 'package']);
  });
});

describe('evidence of the rollout', () => {
  it('tells each look with its guards', () => {
    const look = {
      weight: 10,
      action: 'promote',
      atMs: 5,
      businessAtMs: 6,
      reasons: [{ rule: 'errors', verdict: 'pass', value: 0.5, threshold: null, n: 9, text: 'none' }],
    };
    const [read] = rolloutLooks({ decisions: [look] });

    expect(read).toMatchObject({ weight: 10, action: 'promote', businessAtMs: 6 });
    expect(read?.reasons[0]?.value).toMatchObject({ value: 0.5, method: 'exact' });
    expect(read?.reasons[0]?.threshold).toBeNaN();
    expect(rolloutSteps({ steps: [10, 'x', 100] })).toEqual([10, 100]);
  });
});

describe('plain evidence', () => {
  it('is named in words, digests known as such, nested things left to their pictures', () => {
    expect(plainFacts({ servedDigest: 'sha256:a', alertId: 4, nested: {}, text: 'told above' })).toEqual([
      { name: 'served digest', text: 'sha256:a', kind: 'digest' },
      { name: 'alert id', text: '4', kind: 'words' },
    ]);
    expect(wordsOf('champion-below-objective')).toBe('champion below objective');
  });
});
