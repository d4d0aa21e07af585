/**
 * Endpoints over versioned deployments: the data plane that answers inference requests over the Open Inference Protocol,
 * what should be served and what is, rollouts that step, hold or go back, and the log of predictions.
 *
 * @module
 */
export type { CanaryQuality, CanaryQualityAnswer } from './canary-quality.ts';
export { createDataPlane, type DataPlane, type DataPlanePorts } from './data-plane-service.ts';
export type {
  DesiredDeployment,
  DesiredEndpoint,
  EndpointSpec,
  LatencySummary,
  ObservedDeployment,
  ObservedEndpoint,
  RolloutGuards,
  RolloutPlan,
} from './endpoint.ts';
export { servingErrors } from './errors.ts';
export type { FeatureLookup, OnlineFeatures, RequestInput } from './feature-lookup.ts';
export { servingMigrations } from './migrations.ts';
export type { LoadedModel, ModelInput, ModelRuntime } from './model-runtime.ts';
export { loggedName, PREDICTION_COLUMNS } from './prediction-frame.ts';
export type { PredictionSegment, PredictionSink } from './prediction-log-service.ts';
export {
  type Rollout,
  type RolloutDecision,
  type RolloutOutcome,
  RolloutPhase,
  type RolloutReason,
  type RolloutSide,
} from './rollout.ts';
export { createCompiledRuntime, loadCompiledModel } from './runtimes/compiled-runtime.ts';
export { readSegments, type SegmentPorts, writeSegments } from './segment-store.ts';
export type { DeploymentReport, EndpointReport, ServingReport } from './serving-report.ts';
export type {
  PredictionQuery,
  RolloutRequest,
  RolloutSignal,
  ServableVersions,
  ServingProjects,
  ServingSlice,
  ServingUpstream,
} from './serving-slice.ts';
export type { DeploymentSnapshot, EndpointSnapshot, ServingSnapshot } from './serving-snapshot.ts';
export { createServingSlice } from './slice.ts';
