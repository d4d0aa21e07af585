import { createClient } from '#client';
import { startServer } from '../../src/main/server.ts';

/** What a finished demo left behind, in the counts that a lost or repeated write would change. */
export interface Story {
  readonly datasets: Readonly<Record<string, { readonly rows: number; readonly quarantined: number }>>;
  readonly turns: readonly string[];
  readonly runs: readonly string[];
  readonly versions: readonly number[];
  readonly audit: { readonly verified: boolean; readonly entries: number };
}

/** Opens the store of a finished demo and reads its story through the HTTP API. */
export async function readStory(dataFolder: string): Promise<Story> {
  const server = await startServer({ dataFolder, port: 0, host: '127.0.0.1', logLevel: 'error' });
  try {
    const client = createClient({ url: server.url });
    const project = 'flights';
    const datasets = await client.data.listDatasets({ project });
    const turns = await client.loops.listTurns({ project, limit: 1000 });
    const runs = await client.tracking.listRuns({ project, limit: 1000 });
    const versions = await client.registry.listVersions({ project, model: 'flights', limit: 1000 });
    const audit = await client.governance.verifyAudit();
    return {
      datasets: Object.fromEntries(datasets.items.map(({ name, rows, quarantined }) => [name, { rows, quarantined }])),
      turns: turns.items.map((turn) => `${String(turn.number)} ${turn.outcome}`).toReversed(),
      runs: runs.items.map((run) => `${String(run.number)} ${run.name} ${run.state}`).toReversed(),
      versions: versions.items.map((version) => version.number).toReversed(),
      audit: { verified: audit.verified, entries: audit.entries },
    };
  } finally {
    await server.close();
  }
}
