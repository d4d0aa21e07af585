import type { Migration } from '#platform/sql';

/** Tables of this slice. */
export const monitoringMigrations: readonly Migration[] = [
  {
    number: 130,
    name: 'monitoring',
    statements: (t) => [
      `CREATE TABLE monitoring_windows (
        id ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        monitor ${t.text} NOT NULL,
        endpoint ${t.text} NOT NULL,
        from_ms ${t.int} NOT NULL,
        to_ms ${t.int} NOT NULL,
        evaluated_at_ms ${t.int} NOT NULL,
        drift_looks ${t.int} NOT NULL,
        performance_looks ${t.int} NOT NULL,
        predictions ${t.int} NOT NULL,
        coverage ${t.text} NOT NULL,
        signals ${t.text} NOT NULL,
        verdict ${t.text} NOT NULL,
        version ${t.int} NOT NULL,
        UNIQUE (project_id, monitor, from_ms, to_ms)
      )`,
      'CREATE INDEX monitoring_windows_endpoint ON monitoring_windows (project_id, endpoint, to_ms)',
      `CREATE TABLE monitoring_alerts (
        id ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        number ${t.int} NOT NULL,
        monitor ${t.text} NOT NULL,
        endpoint ${t.text} NOT NULL,
        subject ${t.text} NOT NULL,
        state ${t.text} NOT NULL,
        reason ${t.text} NOT NULL,
        value ${t.text} NOT NULL,
        threshold ${t.real} NOT NULL,
        window_id ${t.text} NOT NULL,
        fired_at_ms ${t.int} NOT NULL,
        resolved_at_ms ${t.int},
        version ${t.int} NOT NULL,
        UNIQUE (project_id, number)
      )`,
      `CREATE UNIQUE INDEX monitoring_alerts_firing ON monitoring_alerts (project_id, monitor, subject) WHERE state = 'firing'`,
      `CREATE TABLE monitoring_references (
        model_digest ${t.text} NOT NULL,
        frame_digest ${t.text} NOT NULL,
        made_by ${t.int} NOT NULL,
        digest ${t.text} NOT NULL,
        made_at_ms ${t.int} NOT NULL,
        PRIMARY KEY (model_digest, frame_digest, made_by)
      )`,
    ],
  },
];
