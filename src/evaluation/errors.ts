/** Every error code of this slice, with its meaning in one line. */
export const evaluationErrors = {
  'evaluation/not-found': 'the project has no evaluation of that id',
  'evaluation/decision-not-found': 'the project has no gate decision of that id',
  'evaluation/no-gate': 'the project file has no gate of that name',
  'evaluation/no-rows': 'the frame has no row with a known label in the range to judge',
  'evaluation/label-not-binary': 'a label is neither 0 nor 1; only binary targets can be judged yet',
  'evaluation/bad-score': 'a model gave a score that is no number, or not one a row',
  'evaluation/no-slice-column': 'the frame has no column of the name to slice by',
  'evaluation/bad-query': 'a list was asked with a limit out of range',
  'evaluation/process-failed': 'the process that judges a model ended without an answer',
  'evaluation/cancelled': 'judging a model was cancelled',
  'evaluation/unknown-objective': 'a gate names an objective that the project file does not have',
  'evaluation/metric-not-evaluated': 'the objective of a gate has a metric that evaluations do not have, or not with an interval',
  'evaluation/bad-job': 'the process that judges a model was given a job it cannot read',
} as const;
