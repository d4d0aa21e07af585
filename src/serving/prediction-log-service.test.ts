import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { columnOf } from '#kernel';
import { createMemoryLog } from '#platform/log';
import type { LoggedCall } from './kernels/prediction-buffer.ts';
import { type LiveDeployment, makeLiveEndpoint } from './live-endpoint.ts';
import { PredictionLog, type PredictionSegment } from './prediction-log-service.ts';
import { aDeployment, aModel, anEndpoint, loaded } from './serving.fixtures.ts';

const model = loaded(aModel());
const endpoint = anEndpoint([aDeployment(model)]);

function aLive(): LiveDeployment {
  const [live] = makeLiveEndpoint(endpoint, [{ snapshot: aDeployment(model), model }], undefined).answering;
  if (live === undefined) throw new Error('nothing is live');
  return live;
}

function aCall(requestId: string, ages: readonly number[], colours: readonly string[]): LoggedCall {
  return {
    sources: [
      { kind: 'float32', name: 'age', values: Float32Array.from(ages) },
      { kind: 'levels', name: 'colour', values: Int32Array.from(colours, (_, row) => row), levels: colours },
    ],
    nRows: ages.length,
    requestId,
    key: undefined,
    moments: Float64Array.from(ages, () => 7),
    arrivedAtMs: 8,
    scores: Float64Array.from(ages, () => 0.5),
    stride: 1,
    latencyUs: 9,
    firstRow: 0,
  };
}

function aLog(limits = {}, sink?: (segments: readonly PredictionSegment[]) => Promise<void>) {
  const segments: PredictionSegment[] = [];
  const log = new PredictionLog(
    async (more) => {
      await sink?.(more);
      segments.push(...more);
    },
    createMemoryLog(),
    limits,
  );
  return { log, segments, rows: () => segments.reduce((sum, segment) => sum + segment.frame.nRows, 0) };
}

describe('the prediction log', () => {
  test('hands rows on as columns', async () => {
    const { log, segments } = aLog();
    log.append(endpoint, aLive(), aCall('r', [1, 2], ['blue', 'green']));
    await log.flush();

    const frame = segments[0]?.frame ?? { nRows: 0, columns: [] };
    expect(columnOf(frame, 'id')).toMatchObject({ levels: ['r#0', 'r#1'] });
    expect(columnOf(frame, 'colour')).toMatchObject({ levels: ['blue', 'green'], values: Int32Array.of(0, 1) });
    expect([...columnOf(frame, 'moment').values]).toEqual([7, 7]);
  });

  test('flushes by itself within its time', async () => {
    const { log, rows } = aLog({ flushAfterMs: 20 });
    log.append(endpoint, aLive(), aCall('r', [1], ['blue']));
    await delay(200);

    expect(rows()).toBe(1);
  });

  test('splits what does not fit one piece, and loses nothing', async () => {
    const { log, segments, rows } = aLog({ segmentBytes: 36 * 64 });
    const ages = Array.from({ length: 1000 }, (_, row) => row);
    log.append(endpoint, aLive(), aCall('r', ages, ages.map(String)));
    await log.flush();

    expect(rows()).toBe(1000);
    expect(segments.length).toBeGreaterThan(10);
    expect(segments.flatMap((segment) => [...columnOf(segment.frame, 'age').values])).toEqual(ages);
  });

  test('counts what it loses when the sink is too slow, and keeps its memory', async () => {
    const { log, rows } = aLog({ segmentBytes: 36 * 64, waitingSegments: 2 }, () => delay(50));
    const live = aLive();
    for (let request = 0; request < 1000; request += 1) log.append(endpoint, live, aCall('r', [1], ['blue']));
    await log.flush();

    expect(log.lostRows).toBeGreaterThan(0);
    expect(rows() + log.lostRows).toBe(1000);
  });

  test('offers rows again when the sink fails', async () => {
    let isFailing = true;
    const { log, rows } = aLog({ flushAfterMs: 10 }, () => (isFailing ? Promise.reject(new Error('full')) : Promise.resolve()));
    log.append(endpoint, aLive(), aCall('r', [1], ['blue']));
    await expect(log.flush()).rejects.toThrow('full');
    expect(rows()).toBe(0);
    isFailing = false;
    await log.flush();

    expect(rows()).toBe(1);
    expect(log.lostRows).toBe(0);
  });

  test('bounds the texts of a category', async () => {
    const { log, segments } = aLog({ segmentBytes: 10_000_000 });
    const live = aLive();
    const texts = Array.from({ length: 12_000 }, (_, row) => `c${String(row)}`);
    log.append(
      endpoint,
      live,
      aCall(
        'r',
        texts.map(() => 1),
        texts,
      ),
    );
    await log.flush();

    for (const { frame } of segments) {
      const column = columnOf(frame, 'colour');
      expect(column.kind === 'levels' ? column.levels.length : 0).toBeLessThanOrEqual(10_001);
    }
  });
});
