/**
 * Pipelines: graphs of built-in steps and commands, run by a durable machine, each step with its log, limits and outputs.
 *
 * @module
 */
export { pipelinesErrors } from './errors.ts';
export { type BuiltInStep, type PipelineSection, planPipeline, type StepSection } from './pipeline.ts';
export { outputsOf, type PipelineRunState, type PipelineStepJson, type StepState } from './pipeline-run.ts';
export { createPipelinesSlice, type PipelinesSlice, type PipelinesUpstream } from './slice.ts';
export type { PipelineStart } from './start-pipeline-sql.ts';
