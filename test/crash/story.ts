import { sql } from 'kysely';
import { createClient } from '#client';
import type { SqlTx } from '#platform/sql';
import { createRegistrySlice } from '#registry';
import { startServer } from '../../src/main/server.ts';
import { findBadBlobs } from './stored-blobs.ts';

/** What a finished demo left behind, in the counts and names that a lost or repeated write would change. */
export interface Story {
  readonly datasets: Readonly<Record<string, { readonly rows: number; readonly quarantined: number }>>;
  /** Dataset, number, rows and the first digits of the digest of every version. */
  readonly cuts: readonly string[];
  readonly labels: number;
  readonly turns: readonly string[];
  readonly runs: readonly string[];
  readonly versions: readonly string[];
  readonly windows: readonly string[];
  /** Each step of each pipeline run, turn and watch, with how often its outcome entered the history. */
  readonly steps: readonly string[];
  /** Audit entries by action, and events by topic: of what a replay must not do twice. */
  readonly acts: Readonly<Record<string, number>>;
  readonly events: Readonly<Record<string, number>>;
}

/** What must hold in every store, however its demo went. */
export interface Soundness {
  readonly audit: string;
  readonly registry: readonly string[];
  /** Places in the event log that nobody fills. */
  readonly missingPositions: number;
  /** Effects that still wait or run. */
  readonly openEffects: number;
  /** Steps whose outcome entered the history of any instance more than once. */
  readonly repeatedSteps: readonly string[];
  /** Digests that rows name and that no whole blob has. */
  readonly badBlobs: readonly string[];
}

/** Kinds of instances whose every step is the same in each telling; a rollout looks as often as requests come. */
const EXACT_KINDS = ['pipelines.run', 'loops.turn', 'monitoring.watch'];
/** Acts that follow from the numbers of a window, which a lost second of predictions may move, or from repeating the command. */
const LOOSE_ACT = /^(monitoring|loops\.trigger|serving\.rollout)/;
const LOOSE_TOPIC =
  /^(monitoring\.alert|serving\.(rollout|report)|loops\.turn-changed|pipelines\.log|pipelines\.run-changed|tracking\.run-metrics)/;

interface Row {
  readonly text: string;
  readonly n: number;
}

/** A store of which nothing is missing, doubled or left over. */
export const SOUND: Soundness = {
  audit: 'verified',
  registry: [],
  missingPositions: 0,
  openEffects: 0,
  repeatedSteps: [],
  badBlobs: [],
};

/** Opens the store of a finished demo, and reads its story and whether it is sound. */
export async function readStory(dataFolder: string): Promise<{ readonly story: Story; readonly soundness: Soundness }> {
  const server = await startServer({ dataFolder, port: 0, host: '127.0.0.1', logLevel: 'error' });
  try {
    const client = createClient({ url: server.url });
    const { verified, reason } = await client.governance.verifyAudit();
    const { datasets, turns, versions } = await readLists(client);
    const { blobs, database } = server.platform;
    const registry = createRegistrySlice(server.platform, { projects: server.slices.projects });
    const told = await database.read(async (tx) => ({
      rows: await readRows(tx),
      faults: await readFaults(tx),
      problems: (await registry.verifyRegistry(tx)).problems.map((problem) => JSON.stringify(problem)),
    }));
    return {
      story: { datasets, turns, versions, ...told.rows },
      soundness: {
        audit: verified ? 'verified' : (reason ?? 'not verified'),
        registry: told.problems,
        badBlobs: await findBadBlobs(database, blobs),
        ...told.faults,
      },
    };
  } finally {
    await server.close();
  }
}

async function readLists(client: ReturnType<typeof createClient>): Promise<Pick<Story, 'datasets' | 'turns' | 'versions'>> {
  const project = 'flights';
  const datasets = await client.data.listDatasets({ project });
  const turns = await client.loops.listTurns({ project, limit: 1000 });
  const versions = await client.registry.listVersions({ project, model: 'flights', limit: 1000 });
  return {
    datasets: Object.fromEntries(datasets.items.map(({ name, rows, quarantined }) => [name, { rows, quarantined }])),
    turns: turns.items.map((turn) => `${String(turn.number)} ${turn.trigger} ${turn.outcome}`).toReversed(),
    versions: versions.items.map((version) => `${String(version.number)} ${version.digest}`).toReversed(),
  };
}

async function readRows(tx: SqlTx): Promise<Omit<Story, 'datasets' | 'turns' | 'versions'>> {
  const lines = async (query: string): Promise<readonly string[]> => (await rowsOf(tx, query)).map(({ text }) => text);
  const counts = async (query: string, loose: RegExp): Promise<Readonly<Record<string, number>>> =>
    Object.fromEntries((await rowsOf(tx, query)).filter(({ text }) => !loose.test(text)).map(({ text, n }) => [text, n]));
  const steps = await rowsOf(tx, STEPS);
  return {
    cuts: await lines("SELECT dataset || ' ' || number || ' ' || rows || ' ' || digest AS text FROM data_versions ORDER BY 1"),
    labels: (await rowsOf(tx, 'SELECT count(*) AS n FROM feedback_labels'))[0]?.n ?? 0,
    runs: await lines("SELECT number || ' ' || name || ' ' || state AS text FROM tracking_runs ORDER BY number"),
    windows: await lines(
      "SELECT monitor || ' ' || from_ms || ' ' || drift_looks || ' ' || performance_looks AS text FROM monitoring_windows ORDER BY from_ms",
    ),
    steps: steps
      .filter(({ text }) => EXACT_KINDS.some((kind) => text.startsWith(kind)))
      .map(({ text, n }) => `${text}: ${String(n)}`),
    acts: await counts('SELECT action AS text, count(*) AS n FROM audit_entry GROUP BY 1 ORDER BY 1', LOOSE_ACT),
    events: await counts('SELECT topic AS text, count(*) AS n FROM events_entry GROUP BY 1 ORDER BY 1', LOOSE_TOPIC),
  };
}

/** How often the outcome of each step entered the history of its instance; instances of a kind by the order of their start. */
const STEPS = `
  SELECT kind || ' ' || instance || ' ' || step AS text, count(*) AS n
  FROM (
    SELECT i.kind AS kind,
      (SELECT count(*) FROM machine_instance o WHERE o.kind = i.kind AND o.id <= i.id) AS instance,
      h.event ->> '$.step' || ' ' || (h.event ->> '$.type') AS step
    FROM machine_history h JOIN machine_instance i ON i.id = h.instance_id
    WHERE h.event ->> '$.type' IN ('effect-done', 'effect-failed')
  )
  GROUP BY 1 ORDER BY 1`;

async function readFaults(tx: SqlTx): Promise<Omit<Soundness, 'audit' | 'badBlobs' | 'registry'>> {
  const count = async (query: string): Promise<number> => (await rowsOf(tx, query))[0]?.n ?? 0;
  const steps = await rowsOf(tx, STEPS);
  return {
    missingPositions: await count('SELECT coalesce(max(position), 0) - count(*) AS n FROM events_entry'),
    openEffects: await count("SELECT count(*) AS n FROM machine_effect WHERE state IN ('queued', 'running')"),
    repeatedSteps: steps.filter(({ n }) => n !== 1).map(({ text, n }) => `${text}: ${String(n)}`),
  };
}

async function rowsOf(tx: SqlTx, query: string): Promise<readonly Row[]> {
  return (await sql.raw<Row>(query).execute(tx.tables())).rows;
}
