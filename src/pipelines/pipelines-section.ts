import { Type } from 'typebox';
import type { Problem } from '#kernel';
import type { ProjectSection } from '#platform/slice';
import { BUILT_IN_STEPS, graphProblems, type PipelineSection } from './pipeline.ts';

const Name = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' });

const StepSchema = Type.Object(
  {
    name: Name,
    uses: Type.Optional(Type.Enum([...BUILT_IN_STEPS], { description: 'A built-in step' })),
    with: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'Which part of the project file the step works on' }),
    ),
    run: Type.Optional(
      Type.Array(Type.String({ maxLength: 100_000 }), { minItems: 1, maxItems: 200, description: 'Program and arguments' }),
    ),
    folder: Type.Optional(Type.String({ maxLength: 400, description: 'Working folder of the command, below the code root' })),
    environment: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,63}$' }), Type.String({ maxLength: 4000 }))),
    needs: Type.Optional(Type.Array(Name, { maxItems: 50 })),
    timeout: Type.Optional(
      Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,6})?(ms|s|m|h|d)$', description: 'Limit of one attempt, such as 5m' }),
    ),
    memory: Type.Optional(
      Type.String({ pattern: '^\\d{1,6}(\\.\\d{1,3})?(KiB|MiB|GiB)$', description: 'Limit of resident memory, such as 1GiB' }),
    ),
  },
  { additionalProperties: false },
);

/** Top-level key `pipelines` of the project file. */
export const pipelinesSection: ProjectSection = {
  key: 'pipelines',
  schema: Type.Record(
    Name,
    Type.Object({ steps: Type.Array(StepSchema, { minItems: 1, maxItems: 100 }) }, { additionalProperties: false }),
    {
      description: 'Graphs of steps, by name',
    },
  ),
  check: (section): readonly Problem[] =>
    // The schema above was checked before.
    Object.entries(section as Readonly<Record<string, PipelineSection>>).flatMap(([name, pipeline]) =>
      graphProblems(pipeline, `/pipelines/${name}`),
    ),
};
