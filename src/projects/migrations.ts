import type { Migration } from '#platform/sql';

/** Tables of this slice. */
export const projectsMigrations: readonly Migration[] = [
  {
    number: 30,
    name: 'projects',
    statements: (t) => [
      `CREATE TABLE projects_projects (
        id ${t.text} PRIMARY KEY,
        name ${t.text} NOT NULL UNIQUE,
        clock ${t.text} NOT NULL,
        business_now_ms ${t.int} NOT NULL,
        document ${t.text} NOT NULL,
        document_digest ${t.text} NOT NULL,
        revision ${t.int} NOT NULL,
        created_at_ms ${t.int} NOT NULL,
        updated_at_ms ${t.int} NOT NULL
      )`,
      `CREATE TABLE projects_revisions (
        project_id ${t.text} NOT NULL,
        revision ${t.int} NOT NULL,
        document ${t.text} NOT NULL,
        document_digest ${t.text} NOT NULL,
        source_text ${t.text} NOT NULL,
        applied_by ${t.text} NOT NULL,
        applied_at_ms ${t.int} NOT NULL,
        PRIMARY KEY (project_id, revision)
      )`,
    ],
  },
];
