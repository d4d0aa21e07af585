import type { Migration } from '#platform/sql';

/** Tables of this slice. */
export const feedbackMigrations: readonly Migration[] = [
  {
    number: 120,
    name: 'feedback',
    statements: (t) => [
      `CREATE TABLE feedback_labels (
        project_id ${t.text} NOT NULL,
        outcome ${t.text} NOT NULL,
        entity_id ${t.text} NOT NULL,
        known_ms ${t.int} NOT NULL,
        event_ms ${t.int} NOT NULL,
        value ${t.real} NOT NULL,
        PRIMARY KEY (project_id, outcome, entity_id, known_ms)
      )`,
      'CREATE INDEX feedback_labels_by_event ON feedback_labels (project_id, outcome, event_ms)',
      `CREATE TABLE feedback_batches (
        batch_id ${t.text} NOT NULL,
        outcome ${t.text} NOT NULL,
        project_id ${t.text} NOT NULL,
        position ${t.int} NOT NULL,
        PRIMARY KEY (batch_id, outcome)
      )`,
    ],
  },
];
