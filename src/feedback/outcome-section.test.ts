import { describe, expect, test } from 'vitest';
import { checkOutcomes, outcomeFeeds, requireOutcome } from './outcome-section.ts';

const document = {
  datasets: { arrivals: {} },
  endpoints: { late: { model: 'm', features: 'flights' }, plain: { model: 'm' } },
  outcomes: { late: { endpoint: 'late', dataset: 'arrivals' } },
};

describe('the section outcomes', () => {
  test('names endpoints and datasets of the same file', () => {
    expect(checkOutcomes(document.outcomes, document)).toEqual([]);
  });

  test('points at names that are not there, with the nearest', () => {
    const problems = checkOutcomes({ late: { endpoint: 'latte', dataset: 'arivals' } }, document);

    expect(problems.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/outcomes/late/endpoint', 'feedback/unknown-endpoint'],
      ['/outcomes/late/dataset', 'feedback/unknown-dataset'],
    ]);
    expect(problems[0]?.detail).toContain('did you mean "late"');
  });

  test('finds its label by the feature view of the endpoint', () => {
    expect(outcomeFeeds(document)).toEqual([{ name: 'late', endpoint: 'late', dataset: 'arrivals', view: 'flights' }]);
    expect(() => requireOutcome(document, 'lat')).toThrow('did you mean "late"');
  });
});
