/** Error codes of this slice and what each means. */
export const loopsErrors = {
  'loops/unknown-loop': 'The project file has no loop of that name.',
  'loops/turn-not-found': 'There is no turn of that number or id.',
  'loops/turn-ended': 'The turn has ended; nothing can be decided on it any more.',
  'loops/served-other-digest': 'The endpoint answers with another digest than the turn promoted.',
  'loops/unknown-name': 'A loop names a pipeline, endpoint, gate or monitor that the project file does not have.',
} as const;
