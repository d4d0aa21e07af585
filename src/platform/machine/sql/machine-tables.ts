import type { Migration } from '#platform/sql';

/** Where an effect stands. */
export type EffectState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** Tables of the machine runtime. */
export interface MachineTables {
  machine_instance: {
    id: string;
    kind: string;
    project_id: string;
    key: string | null;
    status: 'open' | 'ended';
    state: string;
    definition_version: number;
    version: number;
    history_length: number;
    started_at_ms: number;
    ended_at_ms: number | null;
  };
  machine_history: {
    instance_id: string;
    sequence: number;
    at_ms: number;
    business_at_ms: number;
    event: string;
    ignored: number;
  };
  machine_effect: {
    instance_id: string;
    step: string;
    kind: string;
    project_id: string;
    state: EffectState;
    attempt: number;
    max_attempts: number;
    /** How many of the attempts ended because the process of their holder did. */
    deaths: number;
    timeout_ms: number;
    input: string;
    /** Counts who held it; a holder with an older number may not finish it. */
    fence: number;
    owner: string | null;
    lease_until_ms: number;
    not_before_ms: number;
    queued_at_ms: number;
  };
  machine_timer: { instance_id: string; name: string; project_id: string; clock: 'wall' | 'business'; fire_at_ms: number };
  machine_signal: { instance_id: string; key: string };
}

/** Brings the tables of the machine runtime; numbers 10 to 14. */
export const machineMigrations: readonly Migration[] = [
  {
    number: 10,
    name: 'machine-instances',
    statements: ({ text, int }) => [
      `CREATE TABLE machine_instance (
        id ${text} PRIMARY KEY,
        kind ${text} NOT NULL,
        project_id ${text} NOT NULL,
        key ${text},
        status ${text} NOT NULL,
        state ${text} NOT NULL,
        definition_version ${int} NOT NULL,
        version ${int} NOT NULL,
        history_length ${int} NOT NULL,
        started_at_ms ${int} NOT NULL,
        ended_at_ms ${int}
      )`,
      'CREATE UNIQUE INDEX machine_instance_key ON machine_instance (kind, project_id, key)',
      'CREATE INDEX machine_instance_started ON machine_instance (kind, project_id, started_at_ms)',
      `CREATE TABLE machine_history (
        instance_id ${text} NOT NULL,
        sequence ${int} NOT NULL,
        at_ms ${int} NOT NULL,
        business_at_ms ${int} NOT NULL,
        event ${text} NOT NULL,
        ignored ${int} NOT NULL,
        PRIMARY KEY (instance_id, sequence)
      )`,
    ],
  },
  {
    number: 11,
    name: 'machine-effects',
    statements: ({ text, int }) => [
      `CREATE TABLE machine_effect (
        instance_id ${text} NOT NULL,
        step ${text} NOT NULL,
        kind ${text} NOT NULL,
        project_id ${text} NOT NULL,
        state ${text} NOT NULL,
        attempt ${int} NOT NULL,
        max_attempts ${int} NOT NULL,
        timeout_ms ${int} NOT NULL,
        input ${text} NOT NULL,
        fence ${int} NOT NULL,
        owner ${text},
        lease_until_ms ${int} NOT NULL,
        not_before_ms ${int} NOT NULL,
        queued_at_ms ${int} NOT NULL,
        PRIMARY KEY (instance_id, step)
      )`,
      "CREATE INDEX machine_effect_open ON machine_effect (state, queued_at_ms) WHERE state IN ('queued', 'running')",
    ],
  },
  {
    number: 12,
    name: 'machine-timers-and-signals',
    statements: ({ text, int }) => [
      `CREATE TABLE machine_timer (
        instance_id ${text} NOT NULL,
        name ${text} NOT NULL,
        project_id ${text} NOT NULL,
        clock ${text} NOT NULL,
        fire_at_ms ${int} NOT NULL,
        PRIMARY KEY (instance_id, name)
      )`,
      'CREATE INDEX machine_timer_due ON machine_timer (clock, project_id, fire_at_ms)',
      `CREATE TABLE machine_signal (instance_id ${text} NOT NULL, key ${text} NOT NULL, PRIMARY KEY (instance_id, key))`,
    ],
  },
  {
    number: 13,
    name: 'machine-effect-deaths',
    statements: ({ int }) => [`ALTER TABLE machine_effect ADD COLUMN deaths ${int} NOT NULL DEFAULT 0`],
  },
];
