import { describe, expect, test } from 'vitest';
import { parseCandidate } from './candidate.ts';

describe('a candidate', () => {
  test('gets a default for every parameter that is not given', () => {
    expect(parseCandidate({ kind: 'logistic', l2: 0.5 })).toEqual({
      kind: 'logistic',
      l2: 0.5,
      maxIterations: 200,
      maxOneHotLevels: 255,
      smoothing: 20,
      folds: 5,
    });
  });

  test('comes back as it is when it is whole already', () => {
    const candidate = parseCandidate({ kind: 'gbt', trees: 150, depth: 5, learningRate: 0.1, earlyStopping: 20 });

    expect(parseCandidate(candidate)).toEqual(candidate);
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'a candidate is an object with a "kind"'],
    ['an unknown trainer', { kind: 'gtb' }, 'no trainer "gtb"; there are prior, logistic, linear and gbt; did you mean "gbt"?'],
    ['an unknown parameter', { kind: 'gbt', tree: 3 }, 'gbt has no parameter "tree"; did you mean "trees"?'],
    ['a parameter of the baseline', { kind: 'prior', trees: 3 }, 'prior has no parameter "trees"'],
    ['half a tree', { kind: 'gbt', trees: 2.5 }, 'gbt.trees is 2.5; give a whole number from 1 to 10000'],
    ['text for a number', { kind: 'gbt', depth: '6' }, 'gbt.depth is string; give a whole number from 1 to 12'],
    ['NaN', { kind: 'logistic', l2: Number.NaN }, 'logistic.l2 is NaN'],
  ])('is refused for %s', (_, value, message) => {
    expect(() => parseCandidate(value)).toThrow(message);
  });
});
