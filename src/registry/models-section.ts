import { type Static, Type } from 'typebox';
import type { ProjectSection } from '#platform/slice';

const ModelsSchema = Type.Record(
  Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
  Type.Object({ description: Type.Optional(Type.String({ maxLength: 4000 })) }, { additionalProperties: false }),
  { description: 'Registered models, by name' },
);

/** The section `models` as the project file writes it. */
export type ModelsSection = Static<typeof ModelsSchema>;

/** The section `models` of the project file. */
export const modelsSection: ProjectSection = { key: 'models', schema: ModelsSchema };
