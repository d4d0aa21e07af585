/** Rows of the tables of this slice, as the store has them. */
export interface TrackingTables {
  tracking_experiments: { id: string; project_id: string; name: string; created_at_ms: number };
  tracking_runs: RunRow;
  tracking_metrics: PointRow;
  tracking_last_metrics: PointRow;
  tracking_estimates: EstimateRow;
  tracking_params: { run_id: string; name: string; value: string };
  tracking_tags: { run_id: string; name: string; value: string };
  tracking_artifacts: { run_id: string; path: string; digest: string; size_bytes: number };
  tracking_inputs: { run_id: string; kind: string; name: string; digest: string };
}

/** One run, without what belongs to it. */
export interface RunRow {
  id: string;
  project_id: string;
  number: number;
  experiment_id: string;
  name: string;
  kind: string;
  state: string;
  start_key: string | null;
  parent_run_id: string | null;
  started_at_ms: number;
  ended_at_ms: number | null;
  failure_code: string | null;
  failure_message: string | null;
  version: number;
  metrics_told_at_ms: number;
}

/** One metric value; a NaN is the value 0 with `is_nan` 1. */
export interface PointRow {
  run_id: string;
  name: string;
  step: number;
  at_ms: number;
  value: number;
  is_nan: number;
}

/** One estimate; null stands for NaN. */
export interface EstimateRow {
  run_id: string;
  name: string;
  value: number | null;
  low: number | null;
  high: number | null;
  level: number;
  n: number;
  method: string;
}
