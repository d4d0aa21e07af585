import type { Migration } from '#platform/sql';

/** Tables of this slice. */
export const loopsMigrations: readonly Migration[] = [
  {
    number: 150,
    name: 'loops',
    statements: (t) => [
      `CREATE TABLE loops_turns (
        id ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        number ${t.int} NOT NULL,
        loop ${t.text} NOT NULL,
        endpoint ${t.text} NOT NULL,
        outcome ${t.text} NOT NULL,
        stage ${t.text} NOT NULL,
        reason ${t.text} NOT NULL,
        trigger_kind ${t.text} NOT NULL,
        version ${t.int} NOT NULL,
        started_at_ms ${t.int} NOT NULL,
        business_started_at_ms ${t.int} NOT NULL,
        ended_at_ms ${t.int},
        business_ended_at_ms ${t.int},
        UNIQUE (project_id, number)
      )`,
      'CREATE INDEX loops_turns_loop ON loops_turns (project_id, loop, number)',
      `CREATE TABLE loops_triggers (
        id ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        loop ${t.text} NOT NULL,
        kind ${t.text} NOT NULL,
        source ${t.text} NOT NULL,
        reason ${t.text} NOT NULL,
        disposition ${t.text} NOT NULL,
        turn_id ${t.text},
        at_ms ${t.int} NOT NULL,
        business_at_ms ${t.int} NOT NULL
      )`,
      'CREATE INDEX loops_triggers_loop ON loops_triggers (project_id, loop, at_ms)',
    ],
  },
];
