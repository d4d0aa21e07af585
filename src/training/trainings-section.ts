import { Type } from 'typebox';
import { didYouMean, isGyreError, type Problem } from '#kernel';
import type { ProjectSection } from '#platform/slice';
import { parseCandidate } from './candidate.ts';
import type { TrainingSection } from './training.ts';

const Name = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' });
const Duration = Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,6})?(ms|s|m|h|d|w)$' });

/** Top-level key `training` of the project file. */
export const trainingsSection: ProjectSection = {
  key: 'training',
  schema: Type.Record(
    Name,
    Type.Object(
      {
        features: Type.String({ description: 'Feature view that the models read' }),
        objective: Type.String({ description: 'Objective whose metric picks the best candidate' }),
        model: Type.Optional(Name),
        window: Type.Optional(Duration),
        maxRows: Type.Optional(Type.Integer({ minimum: 10, maximum: 5_000_000 })),
        split: Type.Optional(
          Type.Object(
            {
              validation: Type.Optional(Duration),
              test: Type.Optional(Duration),
            },
            { additionalProperties: false, description: 'The newest rows judge: test, and before it validation' },
          ),
        ),
        candidates: Type.Optional(
          Type.Array(
            Type.Object({ kind: Type.Enum(['prior', 'logistic', 'linear', 'gbt']) }, { additionalProperties: Type.Number() }),
            {
              minItems: 1,
              maxItems: 50,
            },
          ),
        ),
        seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
      },
      { additionalProperties: false },
    ),
    { description: 'What is trained, on which features, by which candidates' },
  ),
  check: (section, document): readonly Problem[] =>
    // The schema above was checked before.
    Object.entries(section as Readonly<Record<string, TrainingSection>>).flatMap(([name, training]) => [
      ...unknownName(document, { pointer: `/training/${name}/features`, key: 'features', name: training.features }),
      ...unknownName(document, { pointer: `/training/${name}/objective`, key: 'objectives', name: training.objective }),
      ...candidateProblems(`/training/${name}/candidates`, training.candidates ?? []),
    ]),
};

function candidateProblems(pointer: string, candidates: readonly unknown[]): readonly Problem[] {
  return candidates.flatMap((candidate, index) => {
    try {
      parseCandidate(candidate);
      return [];
    } catch (error) {
      if (!isGyreError(error)) throw error;
      return [{ pointer: `${pointer}/${String(index)}`, code: error.code, detail: error.message }];
    }
  });
}

function unknownName(
  document: Readonly<Record<string, unknown>>,
  reference: { readonly pointer: string; readonly key: string; readonly name: string },
): readonly Problem[] {
  const section = document[reference.key];
  const known = typeof section === 'object' && section !== null ? Object.keys(section) : [];
  if (known.includes(reference.name)) return [];
  const detail = `"${reference.name}" is not in "${reference.key}"${didYouMean(reference.name, known)}`;
  return [{ pointer: reference.pointer, code: 'training/unknown-name', detail }];
}
