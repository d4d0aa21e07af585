import type { Migration } from '#platform/sql';

/** Tables of this slice. */
export const servingMigrations: readonly Migration[] = [
  {
    number: 110,
    name: 'serving',
    statements: (t) => [
      `CREATE TABLE serving_endpoints (
        endpoint ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        revision ${t.int} NOT NULL,
        changed_at_ms ${t.int} NOT NULL
      )`,
      `CREATE TABLE serving_deployments (
        endpoint ${t.text} NOT NULL,
        name ${t.text} NOT NULL,
        model ${t.text} NOT NULL,
        version ${t.int} NOT NULL,
        model_digest ${t.text} NOT NULL,
        weight ${t.real} NOT NULL,
        shadow ${t.int} NOT NULL,
        PRIMARY KEY (endpoint, name)
      )`,
      `CREATE TABLE serving_reports (
        endpoint ${t.text} NOT NULL,
        revision ${t.int} NOT NULL,
        plane ${t.text} NOT NULL,
        report ${t.text} NOT NULL,
        reported_at_ms ${t.int} NOT NULL,
        PRIMARY KEY (endpoint, revision, plane)
      )`,
      `CREATE TABLE serving_segments (
        id ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        endpoint ${t.text} NOT NULL,
        digest ${t.text} NOT NULL,
        n_rows ${t.int} NOT NULL,
        first_moment_ms ${t.real} NOT NULL,
        last_moment_ms ${t.real} NOT NULL,
        size_bytes ${t.int} NOT NULL,
        logged_at_ms ${t.int} NOT NULL
      )`,
      'CREATE INDEX serving_segments_by_moment ON serving_segments (project_id, endpoint, last_moment_ms)',
      `CREATE TABLE serving_losses (
        plane ${t.text} PRIMARY KEY,
        n_rows ${t.int} NOT NULL,
        reported_at_ms ${t.int} NOT NULL
      )`,
      `CREATE TABLE serving_rollouts (
        id ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        endpoint ${t.text} NOT NULL,
        outcome ${t.text} NOT NULL,
        phase ${t.text} NOT NULL,
        state ${t.text} NOT NULL,
        started_at_ms ${t.int} NOT NULL,
        ended_at_ms ${t.int}
      )`,
      'CREATE INDEX serving_rollouts_by_endpoint ON serving_rollouts (endpoint, outcome)',
    ],
  },
];
