import { type Static, Type } from 'typebox';
import {
  DigestSchema,
  defineRoute,
  EstimateSchema,
  PageQuery,
  ProjectParams,
  pageOf,
  TimeSchema,
  WireNumberSchema,
} from '#platform/http/api';

const IdSchema = Type.String({ minLength: 1, maxLength: 40, description: 'Id, 32 hex digits' });
const CountSchema = Type.Integer({ minimum: 0 });

/** Estimates of all metrics on one set of rows. */
export const MetricReportSchema = Type.Record(Type.String(), EstimateSchema);

const SliceLevelMembers = {
  level: Type.String({ description: 'The level, or the range of a number column' }),
  nRows: CountSchema,
  nPositives: CountSchema,
  metric: EstimateSchema,
};

const ReferenceSchema = Type.Object({ role: Type.Enum(['champion', 'baseline']), modelDigest: DigestSchema });

/** One evaluation on the wire. */
export const EvaluationSchema = Type.Object({
  id: Type.String(),
  runId: Type.Optional(Type.String()),
  spec: Type.Object({
    modelDigest: DigestSchema,
    frameDigest: DigestSchema,
    rows: Type.Object({ split: Type.String(), from: TimeSchema, to: TimeSchema }),
    primaryMetric: Type.String(),
    level: Type.Number(),
    references: Type.Array(ReferenceSchema),
    sliceColumns: Type.Union([Type.Array(Type.String()), Type.Literal('categories')], {
      description: 'Columns sliced by; categories for every column of text but id',
    }),
    minimumSliceRows: CountSchema,
    seed: Type.Integer(),
    codeVersion: Type.Integer({ description: 'Version of the code that computed the numbers' }),
  }),
  specDigest: DigestSchema,
  report: Type.Object({
    nRows: CountSchema,
    nPositives: CountSchema,
    nDays: Type.Integer({ minimum: 0, description: 'UTC days with a fair number of rows: the unit of the intervals' }),
    metrics: MetricReportSchema,
    comparisons: Type.Array(
      Type.Object({
        against: Type.Enum(['champion', 'baseline']),
        modelDigest: DigestSchema,
        reference: MetricReportSchema,
        differences: Type.Record(Type.String(), EstimateSchema, { description: 'Judged model minus reference, paired by day' }),
      }),
    ),
    slices: Type.Array(
      Type.Object({
        column: Type.String(),
        metric: Type.String(),
        levels: Type.Array(Type.Object(SliceLevelMembers), { description: 'Worst first' }),
        skippedLevels: Type.Integer({ minimum: 0, description: 'Levels with too few rows' }),
      }),
    ),
    worstSlice: Type.Optional(Type.Object({ column: Type.String(), ...SliceLevelMembers })),
  }),
  reportDigest: DigestSchema,
  createdAt: TimeSchema,
});

/** One evaluation on the wire. */
export type EvaluationBody = Static<typeof EvaluationSchema>;

const VerdictSchema = Type.Enum(['pass', 'fail', 'undecided', 'waived']);
const SideSchema = Type.Object({
  modelDigest: Type.String(),
  value: EstimateSchema,
  ageMs: Type.Optional(WireNumberSchema),
});

/** One gate decision on the wire. */
export const GateDecisionSchema = Type.Object({
  id: Type.String(),
  evaluationId: Type.String(),
  gate: Type.String(),
  verdict: VerdictSchema,
  action: Type.Enum(['promote', 'hold', 'roll back']),
  summary: Type.String(),
  reasons: Type.Array(
    Type.Object({
      rule: Type.String(),
      weight: Type.Enum(['decides', 'informs']),
      verdict: VerdictSchema,
      value: EstimateSchema,
      threshold: WireNumberSchema,
      n: CountSchema,
      text: Type.String(),
      flip: Type.String({ description: 'What would have turned the verdict round' }),
      pointer: Type.String({ description: 'JSON pointer into the project file' }),
    }),
  ),
  rules: Type.Object({
    name: Type.String(),
    objective: Type.Object({
      name: Type.String(),
      metric: Type.String(),
      direction: Type.Enum(['maximize', 'minimize']),
      target: WireNumberSchema,
    }),
    level: Type.Number(),
    margin: Type.Number(),
    minimumDays: CountSchema,
    minimumRows: CountSchema,
    maximumChampionAgeMs: Type.Number(),
  }),
  rulesDigest: DigestSchema,
  evidence: Type.Object({
    challenger: SideSchema,
    champion: Type.Optional(SideSchema),
    baseline: Type.Optional(SideSchema),
    difference: Type.Optional(EstimateSchema),
    nRows: CountSchema,
    nDays: CountSchema,
  }),
  evidenceDigest: DigestSchema,
  decidedAt: TimeSchema,
  businessAt: TimeSchema,
});

/** One gate decision on the wire. */
export type GateDecisionBody = Static<typeof GateDecisionSchema>;

/** Lists evaluations. */
export const listEvaluationsRoute = defineRoute({
  id: 'evaluation.listEvaluations',
  method: 'GET',
  path: '/api/v1/projects/:project/evaluations',
  summary: 'Lists evaluations, newest first',
  params: ProjectParams,
  query: Type.Object({ ...PageQuery.properties, modelDigest: Type.Optional(DigestSchema) }, { additionalProperties: false }),
  answer: pageOf(EvaluationSchema),
  errors: ['projects/not-found', 'kernel/bad-cursor'],
  authorize: { right: 'evaluation:read', scope: 'project' },
});

/** Reads one evaluation. */
export const getEvaluationRoute = defineRoute({
  id: 'evaluation.getEvaluation',
  method: 'GET',
  path: '/api/v1/projects/:project/evaluations/:evaluation',
  summary: 'Reads one evaluation with its metrics, slices and comparisons',
  params: Type.Object({ ...ProjectParams.properties, evaluation: IdSchema }, { additionalProperties: false }),
  answer: EvaluationSchema,
  errors: ['projects/not-found', 'evaluation/not-found'],
  authorize: { right: 'evaluation:read', scope: 'project' },
});

/** Lists gate decisions. */
export const listGateDecisionsRoute = defineRoute({
  id: 'evaluation.listGateDecisions',
  method: 'GET',
  path: '/api/v1/projects/:project/gate-decisions',
  summary: 'Lists gate decisions, newest first',
  params: ProjectParams,
  query: Type.Object({ ...PageQuery.properties, evaluation: Type.Optional(IdSchema) }, { additionalProperties: false }),
  answer: pageOf(GateDecisionSchema),
  errors: ['projects/not-found', 'kernel/bad-cursor'],
  authorize: { right: 'evaluation:read', scope: 'project' },
});

/** Reads one gate decision. */
export const getGateDecisionRoute = defineRoute({
  id: 'evaluation.getGateDecision',
  method: 'GET',
  path: '/api/v1/projects/:project/gate-decisions/:decision',
  summary: 'Reads one gate decision with its reasons, rules and evidence',
  params: Type.Object({ ...ProjectParams.properties, decision: IdSchema }, { additionalProperties: false }),
  answer: GateDecisionSchema,
  errors: ['projects/not-found', 'evaluation/decision-not-found'],
  authorize: { right: 'evaluation:read', scope: 'project' },
});
