import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { columnOf, encodeFrame, isGyreError } from '#kernel';
import { createDuckEngine } from './duck-engine-duckdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'gyre-duck-'));
const engine = createDuckEngine({ folder: join(folder, 'engine') });

afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the table engine', () => {
  test('is not started by being made, and starts at the first query', async () => {
    const idle = createDuckEngine({ folder: join(folder, 'idle') });

    expect(idle.isRunning()).toBe(false);
    await idle.query('SELECT 1 AS one');
    expect(idle.isRunning()).toBe(true);
    await idle.stop();
    expect(idle.isRunning()).toBe(false);
    expect((await idle.query('SELECT 2 AS two')).columns[0]?.values[0]).toBe(2);
    await idle.stop();
  });

  test('gives typed columns: sorted levels, doubles, float32, milliseconds, missing values', async () => {
    const frame = await engine.query(`SELECT * FROM (VALUES
      ('b', 1.5::DOUBLE, 0.1::FLOAT, 9007199254740991::BIGINT, true, TIMESTAMPTZ '1970-01-01 00:00:01.5+00', 3::HUGEINT, 1.25::DECIMAL(5,2)),
      ('a', NULL, NULL, NULL, NULL, NULL, NULL, NULL)) t(text, number, small, whole, flag, instant, huge, money)`);

    expect(frame.columns).toEqual([
      { kind: 'levels', name: 'text', values: Int32Array.of(1, 0), levels: ['a', 'b'] },
      { kind: 'float64', name: 'number', values: Float64Array.of(1.5, Number.NaN) },
      { kind: 'float32', name: 'small', values: Float32Array.of(0.1, Number.NaN) },
      { kind: 'float64', name: 'whole', values: Float64Array.of(9007199254740991, Number.NaN) },
      { kind: 'float64', name: 'flag', values: Float64Array.of(1, Number.NaN) },
      { kind: 'float64', name: 'instant', values: Float64Array.of(1500, Number.NaN) },
      { kind: 'float64', name: 'huge', values: Float64Array.of(3, Number.NaN) },
      { kind: 'float64', name: 'money', values: Float64Array.of(1.25, Number.NaN) },
    ]);
  });

  test('reads and writes no file outside its folder, loads no extension, and keeps its settings', async () => {
    const secret = join(folder, 'secret.csv');
    writeFileSync(secret, 'a\n1\n');
    for (const sql of [
      `SELECT * FROM read_csv('${secret}')`,
      `COPY (SELECT 1) TO '${join(folder, 'out.csv')}'`,
      "SELECT * FROM read_csv('/etc/passwd')",
      'INSTALL httpfs',
      'SET threads = 1',
      'SET enable_external_access = true',
      `ATTACH '${join(folder, 'x.db')}'`,
    ]) {
      await expect(engine.query(sql), sql).rejects.toSatisfy((error) => isGyreError(error, 'data/engine-failed'));
    }
    const admitted = await engine.admit(secret, 'csv');
    expect((await engine.query(`SELECT a::DOUBLE AS a FROM read_csv('${admitted}')`)).columns[0]?.values[0]).toBe(1);
    expect(await engine.admit(secret, 'csv')).toBe(admitted);
  });

  test('loads frames as a temporary table that ends with its session', async () => {
    const path = join(folder, 'engine', 'rows.frame');
    const frame = {
      nRows: 3,
      columns: [
        { kind: 'levels' as const, name: 'k', values: Int32Array.of(0, -1, 1), levels: ['x', "y'"] },
        { kind: 'float64' as const, name: 'v', values: Float64Array.of(1, Number.NaN, 3) },
        { kind: 'levels' as const, name: 'n', values: Int32Array.of(0, -1, 0), levels: ['9223372036854775807'] },
      ],
    };
    writeFileSync(path, encodeFrame(frame));

    const read = await engine.session(async (session) => {
      const columns = [
        { name: 'k', kind: 'text' as const },
        { name: 'v', kind: 'double' as const },
        { name: 'n', kind: 'whole' as const },
        { name: 'added', kind: 'double' as const },
      ];
      await session.load('rows', columns, [
        { path, batch: 7 },
        { path, batch: 8, where: { column: 'v', from: 1, to: 3 } },
      ]);
      return await session.read(
        'SELECT k, v, n::VARCHAR AS n, added, gyre_batch, gyre_row FROM rows ORDER BY gyre_batch, gyre_row',
      );
    });

    expect(columnOf(read, 'gyre_batch').values).toEqual(Float64Array.of(7, 7, 7, 8));
    expect(columnOf(read, 'k')).toMatchObject({ levels: ['x', "y'"], values: Int32Array.of(0, -1, 1, 0) });
    expect(columnOf(read, 'n')).toMatchObject({ levels: ['9223372036854775807'] });
    expect(columnOf(read, 'gyre_batch').values).toEqual(Float64Array.of(7, 7, 7, 8));
    expect([...columnOf(read, 'added').values].every(Number.isNaN)).toBe(true);
    await expect(engine.query('SELECT * FROM rows')).rejects.toThrow(/rows/);
  });
});
