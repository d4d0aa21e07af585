import type { ColumnTypes, Migration } from '#platform/sql';

function runTables(t: ColumnTypes): readonly string[] {
  return [
    `CREATE TABLE tracking_experiments (
      id ${t.text} PRIMARY KEY,
      project_id ${t.text} NOT NULL,
      name ${t.text} NOT NULL,
      created_at_ms ${t.int} NOT NULL,
      UNIQUE (project_id, name)
    )`,
    `CREATE TABLE tracking_runs (
      id ${t.text} PRIMARY KEY,
      project_id ${t.text} NOT NULL,
      number ${t.int} NOT NULL,
      experiment_id ${t.text} NOT NULL,
      name ${t.text} NOT NULL,
      kind ${t.text} NOT NULL,
      state ${t.text} NOT NULL,
      start_key ${t.text},
      parent_run_id ${t.text},
      started_at_ms ${t.int} NOT NULL,
      ended_at_ms ${t.int},
      failure_code ${t.text},
      failure_message ${t.text},
      version ${t.int} NOT NULL,
      metrics_told_at_ms ${t.int} NOT NULL,
      UNIQUE (project_id, number),
      UNIQUE (project_id, start_key)
    )`,
    'CREATE INDEX tracking_runs_by_experiment ON tracking_runs (experiment_id, number)',
    'CREATE INDEX tracking_runs_by_parent ON tracking_runs (parent_run_id)',
  ];
}

// A point is one row however often it is sent; NaN has no equal, so it is told by its own column.
function metricTables(t: ColumnTypes): readonly string[] {
  return [
    `CREATE TABLE tracking_metrics (
      run_id ${t.text} NOT NULL,
      name ${t.text} NOT NULL,
      step ${t.int} NOT NULL,
      at_ms ${t.int} NOT NULL,
      value ${t.real} NOT NULL,
      is_nan ${t.int} NOT NULL,
      PRIMARY KEY (run_id, name, step, at_ms, value, is_nan)
    )`,
    `CREATE TABLE tracking_last_metrics (
      run_id ${t.text} NOT NULL,
      name ${t.text} NOT NULL,
      step ${t.int} NOT NULL,
      at_ms ${t.int} NOT NULL,
      value ${t.real} NOT NULL,
      is_nan ${t.int} NOT NULL,
      PRIMARY KEY (run_id, name)
    )`,
    `CREATE TABLE tracking_estimates (
      run_id ${t.text} NOT NULL,
      name ${t.text} NOT NULL,
      value ${t.real},
      low ${t.real},
      high ${t.real},
      level ${t.real} NOT NULL,
      n ${t.int} NOT NULL,
      method ${t.text} NOT NULL,
      PRIMARY KEY (run_id, name)
    )`,
  ];
}

function detailTables(t: ColumnTypes): readonly string[] {
  return [
    `CREATE TABLE tracking_params (
      run_id ${t.text} NOT NULL,
      name ${t.text} NOT NULL,
      value ${t.text} NOT NULL,
      PRIMARY KEY (run_id, name)
    )`,
    `CREATE TABLE tracking_tags (
      run_id ${t.text} NOT NULL,
      name ${t.text} NOT NULL,
      value ${t.text} NOT NULL,
      PRIMARY KEY (run_id, name)
    )`,
    `CREATE TABLE tracking_artifacts (
      run_id ${t.text} NOT NULL,
      path ${t.text} NOT NULL,
      digest ${t.text} NOT NULL,
      size_bytes ${t.int} NOT NULL,
      PRIMARY KEY (run_id, path)
    )`,
    `CREATE TABLE tracking_inputs (
      run_id ${t.text} NOT NULL,
      kind ${t.text} NOT NULL,
      name ${t.text} NOT NULL,
      digest ${t.text} NOT NULL,
      PRIMARY KEY (run_id, kind, name, digest)
    )`,
    'CREATE INDEX tracking_inputs_by_digest ON tracking_inputs (digest)',
  ];
}

/** Tables of this slice. */
export const trackingMigrations: readonly Migration[] = [
  { number: 60, name: 'tracking-runs', statements: runTables },
  { number: 61, name: 'tracking-metrics', statements: metricTables },
  { number: 62, name: 'tracking-run-details', statements: detailTables },
];
