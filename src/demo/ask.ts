import { GyreError } from '#kernel';
import type { WorldColumns } from './world-duckdb.ts';

/** What asking for predictions found. */
export interface Asked {
  readonly sent: number;
  readonly failed: number;
  readonly latenciesMs: readonly number[];
  readonly firstFailure: string;
}

/** Columns of a departure as Open Inference Protocol inputs. */
const INPUTS = [
  ['origin', 'BYTES'],
  ['destination', 'BYTES'],
  ['distance', 'FP64'],
  ['local_hour', 'FP64'],
  ['weekday', 'FP64'],
  ['departed_at', 'INT64'],
] as const;

const PARALLEL = 16;

/**
 * Asks the endpoint about every departure that is marked, one request each, several at a time.
 *
 * @param url - Base URL of the server.
 * @param rows - Departures with the column `asked`.
 * @returns Counts and latencies.
 */
export async function askAll(url: string, rows: WorldColumns): Promise<Asked> {
  const marked = (rows['asked'] ?? []).flatMap((asked, row) => (Number(asked) === 1 ? [row] : []));
  const latenciesMs: number[] = [];
  let failed = 0;
  let firstFailure = '';
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < marked.length) {
      const row = marked[next] ?? 0;
      next += 1;
      const startedAtMs = performance.now();
      const problem = await askOne(url, rows, row);
      latenciesMs.push(performance.now() - startedAtMs);
      if (problem === '') continue;
      failed += 1;
      firstFailure ||= problem;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return { sent: marked.length, failed, latenciesMs, firstFailure };
}

async function askOne(url: string, rows: WorldColumns, row: number): Promise<string> {
  const inputs = INPUTS.map(([name, datatype]) => ({ name, datatype, shape: [1, 1], data: [rows[name]?.[row] ?? 0] }));
  const response = await fetch(`${url}/v2/models/flights/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: String(rows['flight_id']?.[row]), inputs }),
  });
  const text = await response.text();
  return response.ok ? '' : `${String(response.status)} ${text.slice(0, 300)}`;
}

/**
 * Refuses to go on when the endpoint failed requests of the replay.
 *
 * @param asked - What was found.
 * @throws {@link GyreError} `demo/prediction-failed` with the first failure.
 */
export function assertAnswered(asked: Asked): void {
  if (asked.failed === 0) return;
  throw new GyreError({
    kind: 'internal',
    code: 'demo/prediction-failed',
    message: `${String(asked.failed)} of ${String(asked.sent)} requests were not answered; the first: ${asked.firstFailure}`,
  });
}
