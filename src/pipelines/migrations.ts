import type { Migration } from '#platform/sql';

/** Tables of this slice. */
export const pipelinesMigrations: readonly Migration[] = [
  {
    number: 140,
    name: 'pipelines',
    statements: (t) => [
      `CREATE TABLE pipelines_runs (
        id ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        number ${t.int} NOT NULL,
        pipeline ${t.text} NOT NULL,
        state ${t.text} NOT NULL,
        parent_id ${t.text} NOT NULL,
        version ${t.int} NOT NULL,
        started_at_ms ${t.int} NOT NULL,
        ended_at_ms ${t.int},
        UNIQUE (project_id, number)
      )`,
      `CREATE TABLE pipelines_log_lines (
        run_id ${t.text} NOT NULL,
        number ${t.int} NOT NULL,
        step ${t.text} NOT NULL,
        attempt ${t.int} NOT NULL,
        stream ${t.text} NOT NULL,
        at_ms ${t.int} NOT NULL,
        text ${t.text} NOT NULL,
        PRIMARY KEY (run_id, number)
      )`,
    ],
  },
];
