import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aDataHouse, bytesOf, type DataHouse } from './data.fixtures.ts';

const HOUR = 3_600_000;
const flights = {
  id: 'id',
  eventTime: 'at',
  knownTime: 'known',
  columns: { id: 'text', at: 'time', known: 'time', delay: 'number' },
  checks: [{ column: 'delay', between: [-120, 1200], onBreach: 'quarantine', name: 'wrapped' }],
};
const dataset = 'departures';

let house: DataHouse;

beforeAll(async () => {
  house = await aDataHouse({ flights, departures: flights });
});
afterAll(() => house.close());

describe('the routes', () => {
  const call = async (id: string, params: object, rest: object = {}): Promise<unknown> => {
    const route = house.data.routes?.find((candidate) => candidate.contract.id === id);
    if (route === undefined) throw new Error(`no route ${id}`);
    const request = {
      params: { project: 'p', ...params },
      query: {},
      body: null,
      caller: { principal: 'me', displayName: 'Me' },
    };
    const answer = await route.handle({
      ...request,
      requestId: '1',
      signal: AbortSignal.timeout(1000),
      bytes: bytesOf(''),
      headers: {},
      ...rest,
    });
    expect(Value.Errors(route.contract.answer, answer.body)).toEqual([]);
    return answer.body;
  };

  test('append, cut, list and read what a version holds, with a sample of what was set aside', async () => {
    await call(
      'data.appendRows',
      { dataset },
      { body: { columns: { id: ['a', 'b', 'c'], at: [0, 0, 0], known: [HOUR, 2 * HOUR, 3 * HOUR], delay: [1, 5000, 2] } } },
    );
    const cut = await call('data.cutVersion', { dataset }, { body: { cutAt: '1970-01-02T00:00:00Z' } });

    expect(cut).toMatchObject({ dataset, number: 1, rows: 2, quarantined: 1, quarantinedBy: { wrapped: 1 } });
    expect(await call('data.listVersions', { dataset }, { query: { limit: 1 } })).toEqual({ items: [cut] });
    expect(await call('data.getDataset', { dataset })).toMatchObject({ batches: 1, rows: 2, quarantined: 1, latestVersion: 1 });
    expect(await call('data.listDatasets', {})).toMatchObject({ items: [{ name: 'flights' }, { name: dataset }] });
    await expect(call('data.cutVersion', { dataset }, { body: { cutAt: '1970-01-09T00:00:00Z' } })).rejects.toMatchObject({
      code: 'data/cut-in-future',
    });
    for (const version of ['1', 'latest', (cut as { digest: string }).digest]) {
      const detail = await call('data.getVersion', { dataset, version });
      expect(detail).toMatchObject({
        version: cut,
        batches: [1],
        quarantineSample: [{ reason: 'wrapped', row: { id: 'b', delay: '5000.0', known: '1970-01-01 02:00:00+00' } }],
      });
    }
    await expect(call('data.getVersion', { dataset, version: '2' })).rejects.toMatchObject({ code: 'data/no-version' });
    await expect(
      call('data.getVersion', { dataset: 'flights', version: (cut as { digest: string }).digest }),
    ).rejects.toMatchObject({ code: 'data/no-version' });
  });
});
