import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration, GyreError } from '#kernel';
import { type Command, type CommandContext, defineCommand, ExitCode } from '#platform/cli';
import { outlineProject, type ProjectOutline } from '#projects';
import { applyProjectRoute } from '#projects/api';
import {
  cancelPipelineRunRoute,
  getPipelineRunRoute,
  type PipelineRunBody,
  pipelineLogRoute,
  startPipelineRoute,
} from './api.ts';

const POLL_MS = 200;
const DEFAULT_FILE = 'gyre.yaml';

/** Commands of this slice. */
export const pipelinesCommands: readonly Command[] = [
  defineCommand({
    name: 'run',
    summary: 'Applies the project file and runs one of its pipelines, with its log, to the end',
    positionals: ['PIPELINE?'],
    needs: 'store',
    flags: [
      { name: 'file', kind: 'text', placeholder: 'FILE', summary: `project file; default ${DEFAULT_FILE}` },
      { name: 'detach', kind: 'boolean', summary: 'start it and return at once, with exit code 8' },
    ],
    examples: ['gyre run', 'gyre run train --file gyre.yaml', 'gyre run train --detach --json'],
    run: runPipeline,
  }),
];

async function runPipeline(context: CommandContext): Promise<number> {
  const { args, call, flags, io, json } = context;
  const file = typeof flags['file'] === 'string' ? flags['file'] : DEFAULT_FILE;
  const text = await readProjectFile(file);
  const outline = outlineProject(text, file);
  const { project } = outline;
  const applied = await call(applyProjectRoute, { params: { project }, body: { text, fileName: file } });
  if (applied.change !== 'unchanged')
    io.note(`project ${project}: ${applied.change}, revision ${String(applied.project.revision)}`);
  const pipeline = args[0] ?? onlyPipeline(outline);
  const run = await call(startPipelineRoute, { params: { project }, body: { pipeline } });
  io.note(`pipeline run ${String(run.number)} of ${project}/${pipeline}`);
  if (flags['detach'] === true) {
    if (json) io.answer(JSON.stringify(run));
    return ExitCode.stillRunning;
  }
  const ended = await follow(context, project, run);
  if (json) io.answer(JSON.stringify(ended));
  else tell(context, ended);
  return ended.state === 'done' ? ExitCode.done : ExitCode.failed;
}

async function readProjectFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new GyreError({
      kind: 'not-found',
      code: 'pipelines/no-project-file',
      message: `there is no readable project file "${file}"`,
      help: 'name it with --file, or run this in the folder that has a gyre.yaml',
      cause,
    });
  }
}

function onlyPipeline(outline: ProjectOutline): string {
  const names = outline.namesIn('pipelines');
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new GyreError({
    kind: 'invalid',
    code: 'pipelines/unknown-pipeline',
    message: `name one of the ${String(names.length)} pipelines of the project file${names.length === 0 ? '' : `: ${names.join(', ')}`}`,
  });
}

/** Follows state and log to the end; the first Ctrl-C cancels the run. */
async function follow(context: CommandContext, project: string, started: PipelineRunBody): Promise<PipelineRunBody> {
  const params = { project, run: String(started.number) };
  let after = 0;
  let isCancelled = false;
  for (;;) {
    const run = await context.call(getPipelineRunRoute, { params });
    const { items } = await context.call(pipelineLogRoute, { params, query: { after } });
    for (const line of items) context.io.note(`${line.step.padEnd(12)} ${line.text}`);
    after = items.at(-1)?.number ?? after;
    if (run.state !== 'running' && items.length === 0) return run;
    if (context.signal.aborted && !isCancelled) {
      isCancelled = true;
      await context.call(cancelPipelineRunRoute, { params });
    }
    await sleep(POLL_MS);
  }
}

function tell({ io }: CommandContext, run: PipelineRunBody): void {
  io.table(
    ['step', 'state', 'took', 'what'],
    run.steps.map((step) => [
      step.name,
      step.state,
      step.durationMs === undefined ? '' : formatDuration(step.durationMs),
      step.error === undefined ? step.text : `${step.error.message} [${step.error.code}]`,
    ]),
  );
  io.answer(`pipeline run ${String(run.number)} ${run.state}`);
}
