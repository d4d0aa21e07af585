/** Every error code of this slice, with its meaning in one line. */
export const trackingErrors = {
  'tracking/bad-name': 'a name of an experiment, run, metric, param or tag is empty, too long or has control characters',
  'tracking/bad-path': 'an artifact path is absolute, climbs out, or has empty parts',
  'tracking/bad-point': 'a metric point has a step or time that is no whole number',
  'tracking/bad-query': 'a list was asked with an unknown sort or a limit out of range',
  'tracking/param-changed': 'a param of a run was given again with another value',
  'tracking/run-ended': 'a run that ended in one state cannot end in another',
  'tracking/run-not-found': 'the project has no run of that id or number',
  'tracking/too-long': 'a param or tag is longer than the limit',
} as const;
