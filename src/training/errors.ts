/** Every error code of this slice, with its meaning in one line. */
export const trainingErrors = {
  'training/bad-parameter': 'a parameter of a trainer is unknown, of the wrong type or outside its legal range',
  'training/bad-feature': 'a feature has no column, a column of the wrong kind, or an infinite value',
  'training/bad-label': 'a label is missing, infinite, or neither 0 nor 1 in a binary task',
  'training/one-class': 'all training rows have the same class, so there is nothing to learn',
  'training/no-rows': 'a part that needs rows (training, validation) has none',
  'training/too-large': 'a table has more rows, features or levels than the trainer takes',
  'training/bad-model': 'a model document is not well formed, of another version, or contradicts itself',
  'training/bad-input': 'a row or frame to be scored lacks an input of the model or has it in the wrong kind',
  'training/bad-job': 'a training job is not well formed or its files cannot be read',
  'training/thread-failed': 'a training thread failed or did not answer',
  'training/unknown-training': 'the project file has no training of that name, or several and none was named',
  'training/unknown-name': 'a training names a feature view or objective that the project file does not have',
  'training/range-too-short': 'the rows span less time than validation and test take',
  'training/process-failed': 'a training process ended without a model and without saying why',
} as const;
