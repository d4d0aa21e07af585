import type { ColumnTypes, Migration } from '#platform/sql';

function modelTables(t: ColumnTypes): readonly string[] {
  return [
    `CREATE TABLE registry_models (
      id ${t.text} PRIMARY KEY,
      project_id ${t.text} NOT NULL,
      name ${t.text} NOT NULL,
      description ${t.text} NOT NULL,
      created_at_ms ${t.int} NOT NULL,
      checksum ${t.text} NOT NULL,
      UNIQUE (project_id, name)
    )`,
    `CREATE TABLE registry_versions (
      id ${t.text} PRIMARY KEY,
      project_id ${t.text} NOT NULL,
      model_id ${t.text} NOT NULL,
      number ${t.int} NOT NULL,
      digest ${t.text} NOT NULL,
      run_id ${t.text} NOT NULL,
      evaluation_id ${t.text},
      frame_digest ${t.text},
      datasets ${t.text} NOT NULL,
      created_at_ms ${t.int} NOT NULL,
      checksum ${t.text} NOT NULL,
      UNIQUE (model_id, number),
      UNIQUE (model_id, digest, run_id)
    )`,
    'CREATE INDEX registry_versions_by_digest ON registry_versions (digest)',
    `CREATE TABLE registry_files (
      version_id ${t.text} NOT NULL,
      path ${t.text} NOT NULL,
      digest ${t.text} NOT NULL,
      size_bytes ${t.int} NOT NULL,
      checksum ${t.text} NOT NULL,
      PRIMARY KEY (version_id, path)
    )`,
  ];
}

// Where an alias points is its last move: there is no second row that could say something else.
function aliasTables(t: ColumnTypes): readonly string[] {
  return [
    `CREATE TABLE registry_alias_moves (
      model_id ${t.text} NOT NULL,
      alias ${t.text} NOT NULL,
      version ${t.int} NOT NULL,
      project_id ${t.text} NOT NULL,
      from_number ${t.int},
      to_number ${t.int},
      from_digest ${t.text},
      to_digest ${t.text},
      actor ${t.text} NOT NULL,
      why ${t.text} NOT NULL,
      moved_at_ms ${t.int} NOT NULL,
      business_at_ms ${t.int} NOT NULL,
      checksum ${t.text} NOT NULL,
      PRIMARY KEY (model_id, alias, version)
    )`,
  ];
}

/** Tables of this slice. Rows are written once and never changed; each carries a checksum over its content. */
export const registryMigrations: readonly Migration[] = [
  { number: 90, name: 'registry-models', statements: modelTables },
  { number: 91, name: 'registry-aliases', statements: aliasTables },
];
