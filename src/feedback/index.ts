/**
 * What came true: labels out of the outcome feed, joined late to the predictions they belong to.
 *
 * @module
 */
export type { Coverage } from './coverage.ts';
export type {
  FeedbackSlice,
  FeedbackUpstream,
  LabelledPredictions,
  LabelQuery,
  OutcomeBatch,
  OutcomeDatasets,
} from './feedback-slice.ts';
export type { Label } from './label.ts';
export type { LabelReader } from './label-reader.ts';
