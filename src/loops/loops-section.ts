import { Type } from 'typebox';
import { didYouMean, type Problem } from '#kernel';
import type { ProjectSection } from '#platform/slice';
import type { LoopSection } from './loop.ts';

const Name = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' });
const Duration = Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,6})?(ms|s|m|h|d|w)$' });

/** Top-level key `loops` of the project file. */
export const loopsSection: ProjectSection = {
  key: 'loops',
  schema: Type.Record(
    Name,
    Type.Object(
      {
        pipeline: Type.String({ description: 'Pipeline that a turn runs' }),
        endpoint: Type.String({ description: 'Endpoint that a turn renews' }),
        gate: Type.String({ description: 'Gate that judges the challenger' }),
        triggers: Type.Optional(
          Type.Object(
            {
              alerts: Type.Optional(Type.Array(Name, { maxItems: 50, description: 'Monitors whose alerts start a turn' })),
              schedule: Type.Optional(Duration),
            },
            { additionalProperties: false },
          ),
        ),
        cooldown: Type.Optional(Duration),
        approval: Type.Optional(
          Type.Enum(['automatic', 'required'], { description: 'Whether a person must approve; default automatic' }),
        ),
      },
      { additionalProperties: false },
    ),
    { description: 'Which models renew themselves, and by what rule' },
  ),
  check: (section, document) =>
    // The schema above was checked before.
    Object.entries(section as Readonly<Record<string, LoopSection>>).flatMap(([name, loop]) => [
      ...unknownName(document, { pointer: `/loops/${name}/pipeline`, key: 'pipelines', name: loop.pipeline }),
      ...unknownName(document, { pointer: `/loops/${name}/endpoint`, key: 'endpoints', name: loop.endpoint }),
      ...unknownName(document, { pointer: `/loops/${name}/gate`, key: 'gates', name: loop.gate }),
      ...(loop.triggers?.alerts ?? []).flatMap((monitor, index) =>
        unknownName(document, { pointer: `/loops/${name}/triggers/alerts/${String(index)}`, key: 'monitors', name: monitor }),
      ),
    ]),
};

function unknownName(
  document: Readonly<Record<string, unknown>>,
  reference: { readonly pointer: string; readonly key: string; readonly name: string },
): readonly Problem[] {
  const section = document[reference.key];
  const known = typeof section === 'object' && section !== null ? Object.keys(section) : [];
  if (known.includes(reference.name)) return [];
  return [
    {
      pointer: reference.pointer,
      code: 'loops/unknown-name',
      detail: `"${reference.name}" is not in "${reference.key}"${didYouMean(reference.name, known)}`,
    },
  ];
}
