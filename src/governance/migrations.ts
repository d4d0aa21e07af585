import type { Migration } from '#platform/sql';

/** Tables of this slice. */
export const governanceMigrations: readonly Migration[] = [
  {
    number: 160,
    name: 'governance-approvals',
    statements: (t) => [
      `CREATE TABLE governance_approvals (
        id ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        request_key ${t.text} NOT NULL,
        action ${t.text} NOT NULL,
        resource ${t.text} NOT NULL,
        digests ${t.text} NOT NULL,
        requested_by ${t.text} NOT NULL,
        why ${t.text} NOT NULL,
        data ${t.text} NOT NULL,
        state ${t.text} NOT NULL,
        decided_by ${t.text},
        decided_at_ms ${t.int},
        reason ${t.text},
        requested_at_ms ${t.int} NOT NULL,
        UNIQUE (project_id, request_key)
      )`,
    ],
  },
];
