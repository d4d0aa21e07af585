/**
 * Writes src/demo/airport-zones.ts: the time zone of every airport of the demo's world, from its coordinates.
 * Run: node --conditions=source scripts/generate-airport-zones.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import lookUpZone from '@photostructure/tz-lookup';

const folder = join(dirname(fileURLToPath(import.meta.resolve('vega-datasets'))), '..', 'data');
const output = fileURLToPath(new URL('../src/demo/airport-zones.ts', import.meta.url));
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const flown = await connection.runAndReadAll(
  `SELECT DISTINCT unnest([origin, destination]) FROM read_parquet('${join(folder, 'flights-3m.parquet')}')`,
);
const used = new Set(flown.getRows().map(([code]) => String(code)));

/** Splits one CSV line; the file quotes names that hold commas. */
function cells(line: string): readonly string[] {
  return [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((match) => match[2] ?? match[1] ?? '');
}

/** Lines of codes, 25 on each. */
function wrapped(codes: readonly string[]): string {
  const lines: string[] = [];
  for (let at = 0; at < codes.length; at += 25) lines.push(`    '${codes.slice(at, at + 25).join(' ')}',`);
  return lines.join('\n');
}

const [header = '', ...lines] = readFileSync(join(folder, 'airports.csv'), 'utf8').trim().split(/\r?\n/);
const names = cells(header);
const codesByZone = new Map<string, string[]>();
for (const line of lines) {
  const row = cells(line);
  const value = (name: string): string => row[names.indexOf(name)] ?? '';
  const code = value('iata');
  if (!used.has(code)) continue;
  const zone = lookUpZone(Number(value('latitude')), Number(value('longitude')));
  codesByZone.set(zone, [...(codesByZone.get(zone) ?? []), code]);
}
const entries = [...codesByZone]
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([zone, codes]) => `  '${zone}': [\n${wrapped(codes.sort((a, b) => a.localeCompare(b)))}\n  ],`);
const text = `/**
 * Airports by time zone: codes with three letters of the demo's world, by the coordinates in its airports.csv.
 * Written by scripts/generate-airport-zones.ts.
 */
export const AIRPORTS_BY_ZONE: Readonly<Record<string, readonly string[]>> = {
${entries.join('\n')}
};
`;
writeFileSync(output, text);
