import { formatTime, type JsonObject } from '#kernel';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { MachineInstance } from '#platform/machine';
import type { Platform } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { ProjectsSlice } from '#projects';
import {
  cancelPipelineRunRoute,
  getPipelineRunRoute,
  listPipelineRunsRoute,
  type PipelineRunBody,
  pipelineLogRoute,
  startPipelineRoute,
} from './api.ts';
import { cancelPipeline } from './cancel-pipeline-sql.ts';
import type { PipelineRunState, PipelineStepJson } from './pipeline-run.ts';
import { listRunRows, readLines, requireRunRow } from './pipeline-store-sql.ts';
import { startPipeline } from './start-pipeline-sql.ts';

const DEFAULT_PAGE = 50;

/** Binds the routes of this slice. */
export function pipelineRoutes(platform: Platform, projects: ProjectsSlice): readonly BoundRoute[] {
  return [
    bindRoute(startPipelineRoute, async ({ params, body, caller }) => {
      const answer = await platform.database.transaction(async (tx) => {
        const project = await projects.find(tx, params.project);
        const trigger = { kind: 'manual', source: caller.principal };
        return presentRun(
          await startPipeline(platform, tx, { project, pipeline: body.pipeline, actor: caller.principal, trigger }),
        );
      });
      platform.machines.wake();
      return { body: answer };
    }),
    bindRoute(listPipelineRunsRoute, async ({ params, query }) => {
      const limit = query.limit ?? DEFAULT_PAGE;
      const before = query.cursor === undefined ? {} : { before: Number(query.cursor) || 0 };
      const rows = await platform.database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        return listRunRows(tx, { projectId: project.id, ...before, limit: limit + 1 });
      });
      const page = rows.slice(0, limit).map((row) => ({
        id: row.id,
        number: row.number,
        pipeline: row.pipeline,
        state: row.state,
        ...spanOf(row.startedAtMs, row.endedAtMs),
      }));
      const last = page.at(-1);
      return { body: { items: page, ...(rows.length > limit && last !== undefined ? { nextCursor: String(last.number) } : {}) } };
    }),
    bindRoute(getPipelineRunRoute, async ({ params }) => ({
      body: await platform.database.read(async (tx) => presentRun(await instanceOf({ platform, projects }, tx, params))),
    })),
    bindRoute(cancelPipelineRunRoute, async ({ params, caller }) => ({
      body: await platform.database.transaction(async (tx) => {
        const instance = await instanceOf({ platform, projects }, tx, params);
        return presentRun(await cancelPipeline(platform, tx, { instance, actor: caller.principal }));
      }),
    })),
    bindRoute(pipelineLogRoute, async ({ params, query }) => {
      const lines = await platform.database.read(async (tx) => {
        const project = await projects.find(tx, params.project);
        const run = await requireRunRow(tx, project.id, params.run);
        const step = query.step === undefined ? {} : { step: query.step };
        return readLines(tx, { runId: run.id, after: query.after ?? 0, ...step, limit: query.limit ?? 1000 });
      });
      return { body: { items: lines.map(({ atMs, ...line }) => ({ ...line, at: formatTime(atMs) })) } };
    }),
  ];
}

async function instanceOf(
  deps: { readonly platform: Platform; readonly projects: ProjectsSlice },
  tx: SqlTx,
  params: { readonly project: string; readonly run: string },
): Promise<MachineInstance> {
  const project = await deps.projects.find(tx, params.project);
  const run = await requireRunRow(tx, project.id, params.run);
  const instance = await deps.platform.machines.get(tx, run.id);
  return instance ?? requireInstance(run.id);
}

function requireInstance(id: string): never {
  throw new Error(`pipeline run ${id} has a row and no instance`);
}

/** Shows a run's machine on the wire. */
export function presentRun(instance: MachineInstance): PipelineRunBody {
  // Only pipelineRunMachine writes this state.
  const state = instance.state as PipelineRunState;
  return {
    id: instance.id,
    number: state.number,
    pipeline: state.pipeline,
    state: state.state,
    ...spanOf(instance.startedAtMs, instance.endedAtMs),
    steps: state.steps.map((step) => presentStep(state, step)),
  };
}

function presentStep(state: PipelineRunState, step: PipelineStepJson): PipelineRunBody['steps'][number] {
  const at = state.states[step.name];
  const output: JsonObject = at?.output ?? {};
  const text = output['text'];
  const span = at?.startedAtMs === null || at === undefined ? {} : spanOf(at.startedAtMs, at.endedAtMs ?? undefined);
  return {
    name: step.name,
    uses: step.uses,
    command: [...step.run],
    needs: [...step.needs],
    state: at?.state ?? 'queued',
    ...span,
    text: typeof text === 'string' ? text : '',
    output: { ...output },
    ...(at?.error === null || at === undefined ? {} : { error: { ...at.error } }),
  };
}

function spanOf(startedAtMs: number, endedAtMs: number | undefined) {
  const end = endedAtMs === undefined ? {} : { endedAt: formatTime(endedAtMs), durationMs: Math.max(0, endedAtMs - startedAtMs) };
  return { startedAt: formatTime(startedAtMs), ...end };
}
