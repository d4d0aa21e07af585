import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '#kernel';
import { DEMO_SCALES } from './scale.ts';
import { openWorld } from './world-duckdb.ts';

const scale = DEMO_SCALES['tiny'];
if (scale === undefined) throw new Error('there is a tiny scale');

describe('the world of the demo', () => {
  it('gives every day its share of flights and of requests', async () => {
    const world = await openWorld({ ...scale, oneOf: 30 });
    const shares: number[] = [];
    for (let day = 0; day < 7; day += 1) {
      const from = scale.startMs + day * DAY_MS;
      const rows = await world.departures(from, from + DAY_MS);
      const asked = rows['asked']?.reduce<number>((sum, value) => sum + Number(value), 0) ?? 0;
      shares.push(asked / (rows['flight_id']?.length ?? 0));
    }
    world.close();
    for (const share of shares) expect(share).toBeCloseTo(scale.requestShare, 1);
  }, 30_000);

  it('tells no outcome before its flight could have landed, and some a week late', async () => {
    const world = await openWorld(scale);
    const rows = await world.arrivals(scale.startMs, scale.startMs + 14 * DAY_MS);
    world.close();
    const lags = (rows['known_at'] ?? []).map((known, row) => Number(known) - Number(rows['departed_at']?.[row]));
    expect(Math.min(...lags)).toBeGreaterThan(0);
    expect(lags.some((lag) => lag > DAY_MS)).toBe(true);
    expect(lags.filter((lag) => lag < 12 * HOUR_MS).length / lags.length).toBeGreaterThan(0.9);
  }, 30_000);

  it('writes as history only what was known before the start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gyre-demo-'));
    const world = await openWorld(scale);
    const files = { departures: join(folder, 'd.parquet'), arrivals: join(folder, 'a.parquet') };
    await world.writeHistory(files);
    world.close();
    expect(statSync(files.departures).size).toBeGreaterThan(1000);
    expect(statSync(files.arrivals).size).toBeGreaterThan(1000);
    rmSync(folder, { recursive: true });
  }, 30_000);
});
