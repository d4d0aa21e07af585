import type { Migration } from '#platform/sql';

/** Tables of this slice. Rows are written once and never changed. */
export const evaluationMigrations: readonly Migration[] = [
  {
    number: 80,
    name: 'evaluation-evaluations',
    statements: (t) => [
      `CREATE TABLE evaluation_evaluations (
        id ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        run_id ${t.text},
        model_digest ${t.text} NOT NULL,
        frame_digest ${t.text} NOT NULL,
        spec ${t.text} NOT NULL,
        spec_digest ${t.text} NOT NULL,
        report ${t.text} NOT NULL,
        report_digest ${t.text} NOT NULL,
        created_at_ms ${t.int} NOT NULL,
        UNIQUE (project_id, spec_digest)
      )`,
      'CREATE INDEX evaluation_evaluations_by_model ON evaluation_evaluations (project_id, model_digest, id)',
    ],
  },
  {
    number: 81,
    name: 'evaluation-decisions',
    statements: (t) => [
      `CREATE TABLE evaluation_decisions (
        id ${t.text} PRIMARY KEY,
        project_id ${t.text} NOT NULL,
        evaluation_id ${t.text} NOT NULL,
        decision_key ${t.text},
        rules ${t.text} NOT NULL,
        rules_digest ${t.text} NOT NULL,
        evidence ${t.text} NOT NULL,
        evidence_digest ${t.text} NOT NULL,
        decision ${t.text} NOT NULL,
        decided_at_ms ${t.int} NOT NULL,
        business_at_ms ${t.int} NOT NULL,
        UNIQUE (project_id, decision_key)
      )`,
      'CREATE INDEX evaluation_decisions_by_evaluation ON evaluation_decisions (project_id, evaluation_id, id)',
    ],
  },
];
