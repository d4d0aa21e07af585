import { type Static, Type } from 'typebox';
import { DAY_MS, didYouMean, type Problem, parseDurationMs } from '#kernel';
import type { ProjectSection } from '#platform/slice';
import type { Objective } from '#projects';
import type { GateRules } from './gate.ts';
import { METRIC_NAMES } from './metric-estimates.ts';

/** The shipped numbers of a gate. */
export const GATE_DEFAULTS = {
  level: 0.95,
  margin: 0.01,
  minimumDays: 10,
  minimumRows: 1000,
  maximumChampionAgeMs: 90 * DAY_MS,
} as const;

const GateSchema = Type.Object(
  {
    objective: Type.String({ description: 'Name in objectives: the metric and target that decide' }),
    level: Type.Optional(
      Type.Number({ minimum: 0.5, exclusiveMaximum: 1, description: 'Confidence level of intervals; default 0.95' }),
    ),
    margin: Type.Optional(
      Type.Number({
        minimum: 0,
        description: 'How much worse still counts as not worse, in the unit of the metric; default 0.01',
      }),
    ),
    minimumDays: Type.Optional(
      Type.Integer({ minimum: 3, description: 'Days of evidence below which nothing is decided; default 10' }),
    ),
    minimumRows: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Rows of evidence below which nothing is decided; default 1000' }),
    ),
    maximumChampionAge: Type.Optional(
      Type.String({
        pattern: '^\\d{1,12}(\\.\\d{1,6})?(ms|s|m|h|d|w)$',
        description: 'Age beyond which a champion may be replaced by one that is not worse; default 90d',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Schema of the section `gates`. */
export const GatesSchema = Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }), GateSchema, {
  description: 'Rules by which a challenger takes the champion’s place, by name',
});

/** The section `gates` as the project file writes it. */
export type GatesSection = Static<typeof GatesSchema>;

/** The section `gates` of the project file. */
export const gatesSection: ProjectSection = {
  key: 'gates',
  schema: GatesSchema,
  check: (section, document) => {
    // The schema was checked before.
    const gates = Object.entries(section as GatesSection);
    const objectives = document['objectives'] ?? {};
    return gates.flatMap(([name, gate]) => checkObjective(name, gate.objective, objectives));
  },
};

function checkObjective(gate: string, objective: string, objectives: unknown): readonly Problem[] {
  const known = typeof objectives === 'object' && objectives !== null ? Object.entries(objectives) : [];
  const found: unknown = known.find(([name]) => name === objective)?.[1];
  const pointer = `/gates/${gate}/objective`;
  if (typeof found !== 'object' || found === null) {
    const names = known.map(([name]) => name);
    const detail = `there is no objective "${objective}"${didYouMean(objective, names) || `; there are: ${names.join(', ') || 'none'}`}`;
    return [{ pointer, code: 'evaluation/unknown-objective', detail }];
  }
  const metric = 'metric' in found ? String(found.metric) : '';
  if (metric !== 'ece' && METRIC_NAMES.some((name) => name === metric)) return [];
  const detail = `objective "${objective}" has the metric ${metric}, which evaluations of binary targets do not have`;
  return [{ pointer, code: 'evaluation/metric-not-evaluated', detail }];
}

/** Fills in the shipped numbers where the project file gives none. */
export function gateRulesOf(name: string, gate: GatesSection[string], objective: Objective): GateRules {
  const { metric, direction, target } = objective;
  const age = gate.maximumChampionAge;
  return {
    name,
    objective: { name: objective.name, metric, direction, target },
    level: gate.level ?? GATE_DEFAULTS.level,
    margin: gate.margin ?? GATE_DEFAULTS.margin,
    minimumDays: gate.minimumDays ?? GATE_DEFAULTS.minimumDays,
    minimumRows: gate.minimumRows ?? GATE_DEFAULTS.minimumRows,
    maximumChampionAgeMs: age === undefined ? GATE_DEFAULTS.maximumChampionAgeMs : parseDurationMs(age),
  };
}
