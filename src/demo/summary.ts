import type { Client } from '#client';
import type { DemoOutput } from './progress.ts';
import type { Replayed } from './replay.ts';

const PROJECT = 'flights';

/** Prints what happened, from what the server tells: nothing here is arranged. */
export async function summarize(
  client: Client,
  told: { readonly elapsedMs: number; readonly replayed: Replayed; readonly flights: number },
  output: DemoOutput,
): Promise<void> {
  const say = (name: string, text: string): void => {
    output.answer(`  ${name.padEnd(12)} ${text}`);
  };
  const datasets = await client.data.listDatasets({ project: PROJECT });
  const turns = await client.loops.listTurns({ project: PROJECT, limit: 100 });
  const home = await client.loops.home();
  const audit = await client.governance.verifyAudit();
  output.answer('');
  output.answer(`One turn of the loop on ${String(told.flights)} flights, in ${(told.elapsedMs / 1000).toFixed(1)} s:`);
  for (const dataset of datasets.items) {
    const versions = dataset.latestVersion === undefined ? 'no version' : `${String(dataset.latestVersion)} versions`;
    say(dataset.name, `${String(dataset.rows)} rows, ${versions}, ${String(dataset.quarantined)} rows in quarantine`);
  }
  for (const turn of [...turns.items].reverse())
    say(`turn ${String(turn.number)}`, `${turn.trigger} → ${turn.outcome}: ${turn.reason}`);
  const row = home.rows[0];
  if (row !== undefined) {
    const served =
      row.version === undefined ? 'nothing is served' : `${row.model} version ${String(row.version)} is ${row.health}`;
    say('endpoint', `${served}: ${row.reason}`);
  }
  say(
    'requests',
    `${String(told.replayed.sent)} answered, 0 failed; ${latency(told.replayed.latenciesMs)}, measured by the client`,
  );
  say('audit', audit.verified ? `${String(audit.entries)} entries, chain verified` : `NOT verified: ${audit.reason ?? ''}`);
  output.answer('');
  output.answer(`  home         ${client.url}/`);
  for (const turn of turns.items)
    output.answer(`  turn ${String(turn.number).padEnd(7)} ${client.url}/p/${PROJECT}/turns/${String(turn.number)}`);
  output.answer(`  API          ${client.url}/api/openapi.json`);
}

function latency(latenciesMs: readonly number[]): string {
  if (latenciesMs.length === 0) return 'no request';
  const sorted = Float64Array.from(latenciesMs).sort();
  const at = (share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
