import { type Static, Type } from 'typebox';
import { DAY_MS, didYouMean, GyreError, type Problem, parseDurationMs } from '#kernel';
import type { EndpointSpec, RolloutPlan } from './endpoint.ts';

const Strict = { additionalProperties: false } as const;
const Duration = Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,6})?(ms|s|m|h|d|w)$', description: 'Such as 30m, 6h or 7d' });
const Name = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Lower-case letters, digits and dashes' });

const EndpointSchema = Type.Object(
  {
    model: Type.String({ minLength: 1, maxLength: 100, description: 'Registered model that the endpoint serves' }),
    features: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Feature view that turns requests into model inputs' }),
    ),
    trafficKey: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'Input that names the entity: it decides the split, and outcomes are joined by it',
      }),
    ),
    log: Type.Optional(Type.Boolean({ description: 'Whether predictions are logged; default true' })),
    rollout: Type.Optional(
      Type.Object(
        {
          steps: Type.Optional(
            Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 100 }), {
              minItems: 1,
              maxItems: 20,
              description: 'Rising shares in percent, the last 100',
            }),
          ),
          bake: Type.Optional(Duration),
          maximumBake: Type.Optional(Duration),
          minimumRequests: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
          guards: Type.Optional(
            Type.Object(
              {
                errorRateIncrease: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
                latencyP99Ms: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 600_000 })),
                scoreShift: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
              },
              Strict,
            ),
          ),
        },
        Strict,
      ),
    ),
  },
  Strict,
);

/** Section `endpoints` of the project file: endpoints by name. */
export const EndpointsSection = Type.Record(Name, EndpointSchema);

type EndpointDocument = Static<typeof EndpointSchema>;
/** The section as a type. */
export type EndpointsDocument = Readonly<Record<string, EndpointDocument>>;

/** Rules of the section that its schema cannot say. */
export function checkEndpoints(section: unknown, document: Readonly<Record<string, unknown>>): readonly Problem[] {
  // The schema was checked before.
  return Object.entries(section as EndpointsDocument).flatMap(([name, endpoint]) => checkEndpoint(name, endpoint, document));
}

function checkEndpoint(
  name: string,
  endpoint: EndpointDocument,
  document: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  const problems: Problem[] = [];
  const pointer = `/endpoints/${name}`;
  const views = Object.keys(document['features'] ?? {});
  const view = endpoint.features;
  if (view !== undefined && !views.includes(view)) {
    problems.push({
      pointer: `${pointer}/features`,
      code: 'serving/unknown-view',
      detail: `no feature view "${view}"${didYouMean(view, views)}; the file has ${views.join(', ') || 'none'}`,
    });
  }
  const steps = endpoint.rollout?.steps ?? [100];
  const isRising = steps.every((step, place) => place === 0 || step > (steps[place - 1] ?? 0));
  if (!isRising || steps.at(-1) !== 100) {
    problems.push({
      pointer: `${pointer}/rollout/steps`,
      code: 'serving/bad-steps',
      detail: `steps [${steps.join(', ')}] must rise and end with 100`,
    });
  }
  return problems;
}

const DEFAULT_STEPS: readonly number[] = [10, 50, 100];

/** Fills in the defaults of one endpoint of a checked project file. */
export function endpointSpec(section: EndpointsDocument | undefined, name: string): EndpointSpec {
  const endpoint = section?.[name];
  if (endpoint === undefined) {
    throw new GyreError({
      kind: 'not-found',
      code: 'serving/unknown-endpoint',
      message: `the project file declares no endpoint "${name}"${didYouMean(name, Object.keys(section ?? {}))}`,
    });
  }
  return {
    name,
    model: endpoint.model,
    view: endpoint.features,
    trafficKey: endpoint.trafficKey,
    log: endpoint.log ?? true,
    rollout: rolloutPlan(endpoint.rollout ?? {}),
  };
}

function rolloutPlan(rollout: NonNullable<EndpointDocument['rollout']>): RolloutPlan {
  const bakeMs = rollout.bake === undefined ? DAY_MS : parseDurationMs(rollout.bake);
  const { guards } = rollout;
  return {
    steps: rollout.steps ?? DEFAULT_STEPS,
    bakeMs,
    maximumBakeMs: rollout.maximumBake === undefined ? 7 * bakeMs : Math.max(bakeMs, parseDurationMs(rollout.maximumBake)),
    minimumRequests: rollout.minimumRequests ?? 200,
    guards: {
      errorRateIncrease: guards?.errorRateIncrease ?? 0.01,
      latencyP99Ms: guards?.latencyP99Ms ?? 50,
      scoreShift: guards?.scoreShift ?? 0.2,
    },
  };
}
