/** Error codes of this slice and what each means. */
export const loopsErrors = {
  'loops/unknown-loop': 'The project file has no loop of that name.',
  'loops/turn-not-found': 'There is no turn of that number or id.',
  'loops/turn-ended': 'The turn has ended; nothing can be decided on it any more.',
  'loops/turn-open': 'A turn of this loop is open already; a second trigger is absorbed by it.',
  'loops/pipeline-failed': 'The pipeline of a turn failed or was cancelled.',
  'loops/no-challenger': 'The pipeline of a turn ended without registering a model version.',
  'loops/served-other-digest': 'The endpoint answers with another digest than the turn promoted.',
} as const;
