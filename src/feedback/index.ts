/**
 * What came true: labels out of the outcome feed, joined late to the predictions they belong to.
 *
 * @module
 */
export type { Coverage } from './coverage.ts';
export { feedbackErrors } from './errors.ts';
export type {
  FeedbackSlice,
  FeedbackUpstream,
  LabelledPredictions,
  LabelledQuery,
  LabelQuery,
  LatenessPoint,
} from './feedback-slice.ts';
export type { Label } from './label.ts';
export type { LabelValues } from './label-values.ts';
export { createFeedbackSlice } from './slice.ts';
