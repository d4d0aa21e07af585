import type { Migration } from '#platform/sql';

/** Tables of this slice. */
export const dataMigrations: readonly Migration[] = [
  {
    number: 40,
    name: 'datasets',
    statements: (t) => [
      `CREATE TABLE data_batches (
        id ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        dataset ${t.text} NOT NULL,
        number ${t.int} NOT NULL,
        name ${t.text},
        source_digest ${t.text} NOT NULL,
        format ${t.text} NOT NULL,
        digest ${t.text} NOT NULL,
        size_bytes ${t.int} NOT NULL,
        rows ${t.int} NOT NULL,
        quarantined ${t.int} NOT NULL,
        reasons ${t.text} NOT NULL,
        min_known_ms ${t.int} NOT NULL,
        max_known_ms ${t.int} NOT NULL,
        taken_below_ms ${t.int} NOT NULL,
        columns ${t.text} NOT NULL,
        appended_at_ms ${t.int} NOT NULL,
        appended_by ${t.text} NOT NULL,
        UNIQUE (project_id, dataset, number),
        UNIQUE (project_id, dataset, name)
      )`,
      `CREATE TABLE data_versions (
        project_id ${t.text} NOT NULL,
        dataset ${t.text} NOT NULL,
        cut_ms ${t.int} NOT NULL,
        number ${t.int} NOT NULL,
        digest ${t.text} NOT NULL,
        rows ${t.int} NOT NULL,
        manifest ${t.text} NOT NULL,
        profile_digest ${t.text} NOT NULL,
        batches ${t.text} NOT NULL,
        created_at_ms ${t.int} NOT NULL,
        PRIMARY KEY (project_id, dataset, cut_ms),
        UNIQUE (project_id, dataset, number)
      )`,
      'CREATE INDEX data_versions_by_digest ON data_versions (digest)',
    ],
  },
];
