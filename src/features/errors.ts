/** Every error code of the features slice, each with its meaning. */
export const featuresErrors = {
  'features/no-view': 'The project declares no feature view of that name',
  'features/bad-expression': 'An expression cannot be parsed',
  'features/unknown-name': 'An expression names a column or function that does not exist',
  'features/wrong-type': 'An expression mixes types that do not go together',
  'features/too-large': 'An expression is longer or deeper than the limit',
  'features/no-known-time': 'A history feature reads a dataset that declares no known time',
  'features/bad-section': 'The features of the project file contradict themselves or the datasets',
  'features/no-label': 'A label was asked for of a view that declares none',
  'features/no-version': 'A frame was asked for without the version of a dataset it reads',
  'features/bad-request': 'A prediction request lacks a column or has one of the wrong kind',
} as const;
