import { type TSchema, Type } from 'typebox';
import type { ProjectSection } from '#platform/slice';
import { OBJECTIVE_METRICS } from './project.ts';

const NamePattern = '^[a-z][a-z0-9-]{0,62}$';

const ObjectiveSchema = Type.Object(
  {
    metric: Type.Enum(Object.keys(OBJECTIVE_METRICS), { description: 'Name of the metric; its definition is in docs/reference' }),
    target: Type.Number({ description: 'Value to reach, in the unit of the metric' }),
    owner: Type.Optional(Type.String({ minLength: 1, maxLength: 120, description: 'Who answers for it' })),
    due: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Date by which the target is to be met' })),
    guards: Type.Optional(
      Type.Object(
        { latencyP99Ms: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'Largest p99 latency in milliseconds' })) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** Schema of the section `objectives`. */
export const ObjectivesSchema = Type.Record(Type.String({ pattern: NamePattern }), ObjectiveSchema, {
  description: 'What good means, by name',
});

/**
 * Composes the schema of the whole project file from the sections of all slices.
 *
 * @param sections - One per slice that has one.
 * @returns A schema that refuses unknown keys.
 */
export function projectDocumentSchema(sections: readonly ProjectSection[]): TSchema {
  const own = {
    gyre: Type.Literal(1, { description: 'Version of the project file format' }),
    project: Type.String({ pattern: NamePattern, description: 'Name of the project' }),
    description: Type.Optional(Type.String({ maxLength: 4000 })),
    clock: Type.Optional(Type.Enum(['wall', 'replay'], { description: 'Whose time the project lives in; default wall' })),
    startsAt: Type.Optional(
      Type.String({ maxLength: 40, description: 'First business time of a replay project, RFC 3339 with zone' }),
    ),
    objectives: Type.Optional(ObjectivesSchema),
  };
  const others = sections.map((section) => [section.key, Type.Optional(section.schema)] as const);
  return closeRecords(Type.Object({ ...own, ...Object.fromEntries(others) }, { additionalProperties: false }));
}

/** Makes every record with a name pattern refuse other names: a schema that only describes matching names lets the rest pass unread. */
function closeRecords<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(closeRecords) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).map(([key, value]): [string, unknown] => [key, closeRecords(value)]);
  const isOpenRecord = 'patternProperties' in schema && !('additionalProperties' in schema);
  // The same members as before, and perhaps one more.
  return Object.fromEntries(isOpenRecord ? [...members, ['additionalProperties', false]] : members) as T;
}
