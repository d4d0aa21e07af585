import { digestOfJson } from '#platform/digest';

/** Rows of the tables of this slice, as the store has them. */
export interface RegistryTables {
  registry_models: ModelRow;
  registry_versions: VersionRow;
  registry_files: FileRow;
  registry_alias_moves: MoveRow;
}

/** One registered model. */
export interface ModelRow {
  id: string;
  project_id: string;
  name: string;
  description: string;
  created_at_ms: number;
  checksum: string;
}

/** One version. */
export interface VersionRow {
  id: string;
  project_id: string;
  model_id: string;
  number: number;
  digest: string;
  run_id: string;
  evaluation_id: string | null;
  frame_digest: string | null;
  /** JSON list of `{name, digest}`. */
  datasets: string;
  created_at_ms: number;
  checksum: string;
}

/** One file of a version. */
export interface FileRow {
  version_id: string;
  path: string;
  digest: string;
  size_bytes: number;
  checksum: string;
}

/** One move of an alias. */
export interface MoveRow {
  model_id: string;
  alias: string;
  version: number;
  project_id: string;
  from_number: number | null;
  to_number: number | null;
  from_digest: string | null;
  to_digest: string | null;
  actor: string;
  why: string;
  moved_at_ms: number;
  business_at_ms: number;
  checksum: string;
}

/** Adds to a row the digest of its content. */
export function sealed<Row extends object>(row: Row): Row & { readonly checksum: string } {
  return { ...row, checksum: digestOfJson(row) };
}

/** Tells whether a row is as it was written. */
export function isIntact({ checksum, ...row }: { readonly checksum: string }): boolean {
  return digestOfJson(row) === checksum;
}
