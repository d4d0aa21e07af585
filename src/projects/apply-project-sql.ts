import { GyreError, type JsonObject, parseTimeMs } from '#kernel';
import { digestOfJson } from '#platform/digest';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { Project } from './project.ts';
import { findProjectRow, saveProjectRow } from './project-store-sql.ts';

/** What {@link applyProject} needs. */
export interface ApplyInput {
  /** Name from the path; must be the document's. */
  readonly name: string;
  readonly document: JsonObject;
  readonly sourceText: string;
  readonly actor: string;
  readonly requestId: string;
}

/** What applying did: made a project, changed one, or found it the same. */
export interface ApplyOutcome {
  readonly project: Project;
  readonly change: 'created' | 'updated' | 'unchanged';
}

type ApplyPorts = Pick<Platform, 'audit' | 'events' | 'clock' | 'ids'>;

/** Makes the validated document the project's current one; the same document again changes nothing. */
export async function applyProject(ports: ApplyPorts, tx: SqlTx, input: ApplyInput): Promise<ApplyOutcome> {
  if (input.document['project'] !== input.name) {
    throw new GyreError({
      kind: 'invalid',
      code: 'projects/name-mismatch',
      message: `the path names project "${input.name}", the project file names ${JSON.stringify(input.document['project'])}`,
    });
  }
  const before = await findProjectRow(tx, input.name);
  const documentDigest = digestOfJson(input.document);
  if (before?.documentDigest === documentDigest) return { project: before, change: 'unchanged' };
  assertSameClock(before, input.document);
  const project = nextProject(ports, before, { ...input, documentDigest });
  await saveProjectRow(tx, project, {
    sourceText: input.sourceText,
    appliedBy: input.actor,
    businessNowMs: firstBusinessNow(input.document, project.createdAtMs),
  });
  await record(ports, tx, { project, before, input });
  return { project, change: before === undefined ? 'created' : 'updated' };
}

function nextProject(
  ports: ApplyPorts,
  before: Project | undefined,
  input: ApplyInput & { readonly documentDigest: string },
): Project {
  const nowMs = ports.clock.nowMs();
  return {
    id: before?.id ?? ports.ids.next(),
    name: input.name,
    clock: input.document['clock'] === 'replay' ? 'replay' : 'wall',
    document: input.document,
    documentDigest: input.documentDigest,
    revision: (before?.revision ?? 0) + 1,
    createdAtMs: before?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
  };
}

function assertSameClock(before: Project | undefined, document: JsonObject): void {
  const clock = document['clock'] ?? 'wall';
  if (before === undefined || before.clock === clock) return;
  throw new GyreError({
    kind: 'unprocessable',
    code: 'projects/clock-kind-fixed',
    message: `project "${before.name}" lives on the ${before.clock} clock and cannot change to ${JSON.stringify(clock)}; make a new project`,
  });
}

function firstBusinessNow(document: JsonObject, nowMs: number): number {
  const startsAt = document['startsAt'];
  return typeof startsAt === 'string' ? parseTimeMs(startsAt) : nowMs;
}

async function record(
  ports: ApplyPorts,
  tx: SqlTx,
  change: { readonly project: Project; readonly before: Project | undefined; readonly input: ApplyInput },
): Promise<void> {
  const { project, before, input } = change;
  await ports.audit.append(tx, {
    actor: input.actor,
    action: 'projects.apply',
    projectId: project.id,
    resource: `project:${project.name}`,
    outcome: 'done',
    requestId: input.requestId,
    data: { revision: project.revision, digestBefore: before?.documentDigest ?? null, digestAfter: project.documentDigest },
  });
  await ports.events.append(tx, {
    topic: 'projects.applied',
    projectId: project.id,
    entity: 'project',
    entityId: project.id,
    entityVersion: project.revision,
    data: { revision: project.revision },
  });
}
