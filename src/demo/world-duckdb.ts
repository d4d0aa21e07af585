import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { GyreError } from '#kernel';
import { AIRPORTS_BY_ZONE } from './airport-zones.ts';
import type { DemoScale } from './scale.ts';

/** Rows as columns, ready for JSON; times in milliseconds since 1970 UTC. */
export type WorldColumns = Readonly<Record<string, readonly (string | number)[]>>;

/** The airlines' own systems, as far as Gyre sees them: what departed, and what later became known. */
export interface World {
  readonly flights: number;
  /** Writes what was known before the start as Parquet files. */
  writeHistory(files: { readonly departures: string; readonly arrivals: string }): Promise<void>;
  /** Departures in [fromMs, toMs) in the order of time; `asked` is 1 for those a prediction is asked for. */
  departures(fromMs: number, toMs: number): Promise<WorldColumns>;
  /** Outcomes that became known in [fromMs, toMs). */
  arrivals(fromMs: number, toMs: number): Promise<WorldColumns>;
  close(): void;
}

const DEPARTURE_COLUMNS = 'flight_id, departed_at, origin, destination, distance, local_hour, weekday';
/** No zone is further from UTC than this. */
const MAX_ZONE_MS = 14 * 3_600_000;
const ARRIVAL_COLUMNS = 'flight_id, departed_at, known_at, origin, destination, delay';

/**
 * Opens the world of the demo: the flights of the npm package `vega-datasets`, their local times put into UTC by the time zone
 * of the origin, and the moment at which each outcome becomes known.
 */
export async function openWorld(scale: DemoScale): Promise<World> {
  const file = flightsFile();
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run('CREATE TABLE zones (code VARCHAR, zone VARCHAR)');
  const zones = Object.entries(AIRPORTS_BY_ZONE).flatMap(([zone, lines]) =>
    lines.flatMap((line) => line.split(' ')).map((code) => `('${code}', '${zone}')`),
  );
  await connection.run(`INSERT INTO zones VALUES ${zones.join(', ')}`);
  await connection.run(worldSql(file, scale));
  const count = (await connection.runAndReadAll('SELECT count(*)::INTEGER FROM flights')).getRows()[0]?.[0];
  const times = (columns: string): string => columns.replaceAll(/\b(departed_at|known_at)\b/g, 'epoch_ms($1)::DOUBLE AS $1');
  return {
    flights: Number(count),
    writeHistory: async ({ departures, arrivals }) => {
      const start = `to_timestamp(${String(scale.startMs / 1000)})`;
      await copy(
        connection,
        `SELECT ${DEPARTURE_COLUMNS} FROM flights WHERE departed_at < ${start} ORDER BY departed_at, flight_id`,
        departures,
      );
      await copy(
        connection,
        `SELECT ${ARRIVAL_COLUMNS} FROM flights WHERE known_at < ${start} ORDER BY known_at, flight_id`,
        arrivals,
      );
    },
    departures: (fromMs, toMs) =>
      readColumns(
        connection,
        `SELECT ${times(DEPARTURE_COLUMNS)}, asked FROM flights WHERE ${between('departed_at', fromMs, toMs)} ORDER BY departed_at, flight_id`,
      ),
    arrivals: (fromMs, toMs) =>
      readColumns(
        connection,
        `SELECT ${times(ARRIVAL_COLUMNS)} FROM flights WHERE ${between('known_at', fromMs, toMs)} ORDER BY known_at, flight_id`,
      ),
    close: () => {
      connection.closeSync();
    },
  };
}

function flightsFile(): string {
  const file = join(dirname(fileURLToPath(resolvePackage())), '..', 'data', 'flights-3m.parquet');
  if (existsSync(file)) return file;
  throw noData();
}

function resolvePackage(): string {
  try {
    return import.meta.resolve('vega-datasets');
  } catch {
    throw noData();
  }
}

function noData(): GyreError {
  return new GyreError({
    kind: 'not-found',
    code: 'demo/no-data',
    message: 'the demo replays flights-3m.parquet of the npm package vega-datasets, which is not installed here',
    help: 'npm install vega-datasets@3.2.1',
  });
}

/**
 * `n * 2654435761 mod 2^32` (Knuth's multiplicative hash) spreads rows so evenly that every day gives its share; one factor a purpose.
 */
function worldSql(file: string, scale: DemoScale): string {
  const share = (factor: number): string => `(((n + 1) * ${String(factor)}) % 4294967296) / 4294967296.0`;
  const until = scale.untilMs === undefined ? '' : ` AND date < epoch_ms(${String(scale.untilMs + MAX_ZONE_MS)})`;
  return `
    CREATE TABLE flights AS
    WITH raw AS (
      SELECT file_row_number AS n, date, delay, distance, origin, destination
      FROM read_parquet('${file.replaceAll("'", "''")}', file_row_number = true)
      WHERE ${share(2654435761)} < ${String(1 / scale.oneOf)}${until}
    ), timed AS (
      SELECT raw.*, timezone(zones.zone, date) AS departed_at, ${share(2246822519)} AS late_report, ${share(3266489917)} AS report_share,
        ${share(668265263)} AS ask_share
      FROM raw JOIN zones ON zones.code = raw.origin
    ), known AS (
      SELECT *, greatest(1, 40 + distance / 7.5 + delay
        + CASE WHEN late_report < 0.02 THEN (1 + 6 * report_share) * 1440 ELSE 60 END) AS minutes
      FROM timed
    )
    SELECT 'f' || n AS flight_id, departed_at, departed_at + to_microseconds((minutes * 60000000)::BIGINT // 1000 * 1000) AS known_at,
      origin, destination, distance::DOUBLE AS distance, hour(date)::DOUBLE AS local_hour, isodow(date)::DOUBLE AS weekday,
      delay::DOUBLE AS delay, (ask_share < ${String(scale.requestShare)})::INTEGER AS asked
    FROM known`;
}

function between(column: string, fromMs: number, toMs: number): string {
  return `${column} >= to_timestamp(${String(fromMs / 1000)}) AND ${column} < to_timestamp(${String(toMs / 1000)})`;
}

async function copy(connection: DuckDBConnection, query: string, file: string): Promise<void> {
  await connection.run(`COPY (${query}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`);
}

async function readColumns(connection: DuckDBConnection, query: string): Promise<WorldColumns> {
  const result = await connection.runAndReadAll(query);
  const columns = result.getColumnsJS();
  // The queries of this file give text and doubles only.
  return Object.fromEntries(result.columnNames().map((name, index) => [name, (columns[index] ?? []) as (string | number)[]]));
}
