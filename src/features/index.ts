/**
 * Feature views: row expressions and windowed aggregates in one small typed language, compiled to SQL for training
 * tables and to an incremental evaluator for serving. Windows see only what was known before the moment.
 *
 * @module
 */
export type { ViewSource } from './declared-view.ts';
export { featuresErrors } from './errors.ts';
export type { CallExpression, ColumnExpression, ConstantExpression, Expression } from './expression.ts';
export { ExpressionType, OperationName } from './expression.ts';
export type { FeatureFrame, FrameRequest } from './feature-frame.ts';
export type { FeatureSpec, FeatureView, RequestColumn, RowFeature, SourceColumns, WindowFeature } from './feature-view.ts';
export { WindowFunction } from './feature-view.ts';
export type { OnlineFeatures } from './online-features.ts';
export { createFeaturesSlice, type FeaturesSlice } from './slice.ts';
