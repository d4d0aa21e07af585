/** Error codes of this slice and what each means. */
export const pipelinesErrors = {
  'pipelines/unknown-pipeline': 'The project file has no pipeline of that name.',
  'pipelines/run-not-found': 'There is no pipeline run of that number or id.',
  'pipelines/bad-graph': 'The steps of a pipeline name each other wrongly: an unknown step, a circle, or a name twice.',
  'pipelines/step-failed': 'A command step ended with a non-zero exit code.',
  'pipelines/step-timed-out': 'A command step ran longer than its time limit and was ended.',
  'pipelines/step-out-of-memory': 'A command step used more memory than its limit and was ended.',
  'pipelines/step-cancelled': 'A step was cancelled.',
  'pipelines/step-not-started': 'The program of a command step could not be started.',
  'pipelines/bad-step-output': 'A command step wrote outputs that are not a JSON object, are too large, or are too many.',
  'pipelines/missing-input': 'A step needs what no earlier step made.',
  'pipelines/folder-outside-root': 'A step or file names a folder outside the root that the operator gave.',
  'pipelines/no-project-file': 'There is no readable project file where the command looks for it.',
} as const;
