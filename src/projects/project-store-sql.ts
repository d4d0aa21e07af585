import { didYouMean, GyreError, type JsonObject } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { Project, ProjectClock } from './project.ts';

interface ProjectRow {
  id: string;
  name: string;
  clock: string;
  business_now_ms: number;
  document: string;
  document_digest: string;
  revision: number;
  created_at_ms: number;
  updated_at_ms: number;
}

interface RevisionRow {
  project_id: string;
  revision: number;
  document: string;
  document_digest: string;
  source_text: string;
  applied_by: string;
  applied_at_ms: number;
}

const HEAD_COLUMNS = [
  'id',
  'name',
  'clock',
  'document_digest',
  'revision',
  'created_at_ms',
  'updated_at_ms',
] as const satisfies readonly (keyof ProjectRow)[];

interface ProjectTables {
  projects_projects: ProjectRow;
  projects_revisions: RevisionRow;
}

/** One applied document, as it is stored. */
export interface AppliedRevision {
  readonly sourceText: string;
  readonly appliedBy: string;
}

/** Finds a project by name or id, or gives undefined. */
export async function findProjectRow(tx: SqlTx, nameOrId: string): Promise<Project | undefined> {
  const row = await tx
    .tables<ProjectTables>()
    .selectFrom('projects_projects')
    .select(HEAD_COLUMNS)
    .where((where) => where.or([where('name', '=', nameOrId), where('id', '=', nameOrId)]))
    .executeTakeFirst();
  return row === undefined ? undefined : projectOf(tx, row);
}

/** Finds a project by name or id, or throws `projects/not-found` with the nearest name. */
export async function requireProjectRow(tx: SqlTx, nameOrId: string): Promise<Project> {
  const project = await findProjectRow(tx, nameOrId);
  if (project !== undefined) return project;
  const names = await tx.tables<ProjectTables>().selectFrom('projects_projects').select('name').execute();
  const known = names.map((row) => row.name);
  throw new GyreError({
    kind: 'not-found',
    code: 'projects/not-found',
    message: `there is no project "${nameOrId.slice(0, 80)}"${didYouMean(nameOrId, known)}`,
  });
}

/** Lists all projects by name. */
export async function listProjectRows(tx: SqlTx): Promise<readonly Project[]> {
  const rows = await tx.tables<ProjectTables>().selectFrom('projects_projects').select(HEAD_COLUMNS).orderBy('name').execute();
  const projects: Project[] = [];
  for (const row of rows) projects.push(await projectOf(tx, row));
  return projects;
}

/** Writes a project and its newest revision. */
export async function saveProjectRow(
  tx: SqlTx,
  project: Project,
  revision: AppliedRevision & { readonly businessNowMs: number },
): Promise<void> {
  const db = tx.tables<ProjectTables>();
  const document = JSON.stringify(project.document);
  const changing = {
    document,
    document_digest: project.documentDigest,
    revision: project.revision,
    updated_at_ms: project.updatedAtMs,
  };
  await db
    .insertInto('projects_projects')
    .values({
      id: project.id,
      name: project.name,
      clock: project.clock,
      business_now_ms: revision.businessNowMs,
      created_at_ms: project.createdAtMs,
      ...changing,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
    .execute();
  await db
    .insertInto('projects_revisions')
    .values({
      project_id: project.id,
      revision: project.revision,
      document,
      document_digest: project.documentDigest,
      source_text: revision.sourceText,
      applied_by: revision.appliedBy,
      applied_at_ms: project.updatedAtMs,
    })
    .execute();
}

/** Reads the stored business time of a project: meaningful for replay projects only. */
export async function readBusinessNow(tx: SqlTx, projectId: string): Promise<{ clock: ProjectClock; nowMs: number } | undefined> {
  const row = await tx
    .tables<ProjectTables>()
    .selectFrom('projects_projects')
    .select(['clock', 'business_now_ms'])
    .where('id', '=', projectId)
    .executeTakeFirst();
  return row === undefined ? undefined : { clock: clockOf(row.clock), nowMs: row.business_now_ms };
}

/** Moves the stored business time. */
export async function writeBusinessNow(tx: SqlTx, projectId: string, nowMs: number): Promise<void> {
  await tx
    .tables<ProjectTables>()
    .updateTable('projects_projects')
    .set({ business_now_ms: nowMs })
    .where('id', '=', projectId)
    .execute();
}

async function projectOf(tx: SqlTx, row: Omit<ProjectRow, 'document' | 'business_now_ms'>): Promise<Project> {
  return {
    id: row.id,
    name: row.name,
    clock: clockOf(row.clock),
    document: await readDocument(tx, row),
    documentDigest: row.document_digest,
    revision: row.revision,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

/** Parsed documents by their digest, the most recent last: almost every call looks its project up, and documents are large. */
const parsedDocuments = new Map<string, JsonObject>();
const MOST_PARSED = 64;

async function readDocument(tx: SqlTx, row: { readonly id: string; readonly document_digest: string }): Promise<JsonObject> {
  const known = parsedDocuments.get(row.document_digest);
  if (known !== undefined) return known;
  const { document: text } = await tx
    .tables<ProjectTables>()
    .selectFrom('projects_projects')
    .select('document')
    .where('id', '=', row.id)
    .executeTakeFirstOrThrow();
  const document = parseDocument(text);
  parsedDocuments.set(row.document_digest, document);
  for (const oldest of parsedDocuments.keys()) {
    if (parsedDocuments.size <= MOST_PARSED) break;
    parsedDocuments.delete(oldest);
  }
  return document;
}

function clockOf(text: string): ProjectClock {
  return text === 'replay' ? 'replay' : 'wall';
}

/** Objects of a document have no prototype: a name that a caller sends, such as "toString", finds only what was written. */
function parseDocument(text: string): JsonObject {
  const bare = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.assign(Object.create(null), value) : value;
  // The store holds only documents that passed the schema.
  return JSON.parse(text, bare) as JsonObject;
}
