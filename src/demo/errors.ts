/** Error codes of this room and what each means. */
export const demoErrors = {
  'demo/no-data': 'The npm package that carries the flights is not installed.',
  'demo/turn-stuck': 'A turn neither ended nor moved for minutes.',
  'demo/prediction-failed': 'The endpoint refused or failed a request of the replay.',
  'demo/unknown-scale': 'There is no scale of that name.',
} as const;
