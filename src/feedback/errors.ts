/** Codes of this slice. */
export const feedbackErrors = {
  'feedback/no-label': 'The endpoint of an outcome feed has no feature view, or its view declares no label',
  'feedback/unknown-dataset': 'An outcome feed names a dataset that the project file does not have',
  'feedback/unknown-endpoint': 'An outcome feed names an endpoint that the project file does not have',
  'feedback/unknown-outcome': 'The project file declares no such outcome feed',
} as const;
