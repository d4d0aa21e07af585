/**
 * Feature views: row expressions and windowed aggregates in one small typed language, compiled to SQL for training
 * tables and to an incremental evaluator for serving. Windows see only what was known before the moment.
 *
 * @module
 */
export { featuresErrors } from './errors.ts';
export type { Expression } from './expression.ts';
export { ExpressionType } from './expression.ts';
export type { FeatureSpec, FeatureView, RequestColumn, RowFeature, WindowFeature } from './feature-view.ts';
export { WindowFunction } from './feature-view.ts';
export type { OnlineFeatures } from './online-features.ts';
export type { FeatureFrame, FeaturesSlice, FrameRequest, ProjectReader, ProjectRef } from './slice.ts';
export { createFeaturesSlice } from './slice.ts';
