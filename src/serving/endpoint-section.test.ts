import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#kernel';
import { checkEndpoints, EndpointsSection, endpointSpec } from './endpoint-section.ts';

const document = { features: { flights: {} } };

describe('the section endpoints', () => {
  test('fills in defaults', () => {
    expect(endpointSpec({ late: { model: 'm' } }, 'late')).toEqual({
      name: 'late',
      model: 'm',
      view: undefined,
      trafficKey: undefined,
      log: true,
      rollout: {
        steps: [10, 50, 100],
        bakeMs: DAY_MS,
        maximumBakeMs: 7 * DAY_MS,
        minimumRequests: 200,
        guards: { errorRateIncrease: 0.01, latencyP99Ms: 50, scoreShift: 0.2 },
      },
    });
  });

  test('takes what it is told', () => {
    const rollout = { steps: [5, 100], bake: '2h', maximumBake: '1d', minimumRequests: 10, guards: { latencyP99Ms: 5 } };
    const spec = endpointSpec({ late: { model: 'm', features: 'flights', trafficKey: 'id', log: false, rollout } }, 'late');

    expect(spec.rollout).toMatchObject({ steps: [5, 100], bakeMs: 7_200_000, maximumBakeMs: DAY_MS, minimumRequests: 10 });
    expect(spec.rollout.guards).toEqual({ errorRateIncrease: 0.01, latencyP99Ms: 5, scoreShift: 0.2 });
  });

  test('refuses unknown keys at any depth', () => {
    expect(Value.Check(EndpointsSection, { late: { model: 'm' } })).toBe(true);
    expect(Value.Check(EndpointsSection, { late: { model: 'm', modle: 'x' } })).toBe(false);
    expect(Value.Check(EndpointsSection, { late: { model: 'm', rollout: { guards: { latency: 5 } } } })).toBe(false);
  });

  test.each([[[50, 10, 100]], [[10, 50]], [[10, 10, 100]]])('points at steps %j that do not rise to 100', (steps) => {
    const problems = checkEndpoints({ late: { model: 'm', rollout: { steps } } }, document);

    expect(problems.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/endpoints/late/rollout/steps', 'serving/bad-steps'],
    ]);
  });

  test('points at a feature view that is not there', () => {
    const [problem] = checkEndpoints({ late: { model: 'm', features: 'flihgts' } }, document);

    expect(problem).toMatchObject({ pointer: '/endpoints/late/features', code: 'serving/unknown-view' });
    expect(problem?.detail).toContain('did you mean "flights"');
  });

  test('says so when an endpoint is not declared', () => {
    expect(() => endpointSpec({ late: { model: 'm' } }, 'lat')).toThrow('did you mean "late"');
  });
});
