import type { Migration } from '#platform/sql';

/** Tables of this slice. */
export const featuresMigrations: readonly Migration[] = [
  {
    number: 50,
    name: 'feature-frames',
    statements: (t) => [
      `CREATE TABLE features_frames (
        request_digest ${t.text} NOT NULL,
        project_id ${t.text} NOT NULL,
        view ${t.text} NOT NULL,
        view_digest ${t.text} NOT NULL,
        definition ${t.text} NOT NULL,
        request ${t.text} NOT NULL,
        digest ${t.text} NOT NULL,
        size_bytes ${t.int} NOT NULL,
        rows ${t.int} NOT NULL,
        labelled ${t.int} NOT NULL,
        first_moment_ms ${t.int},
        last_moment_ms ${t.int},
        created_at_ms ${t.int} NOT NULL,
        PRIMARY KEY (project_id, request_digest)
      )`,
      'CREATE INDEX features_frames_by_digest ON features_frames (digest)',
    ],
  },
];
