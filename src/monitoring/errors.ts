/** Error codes of this slice and what each means. */
export const monitoringErrors = {
  'monitoring/unknown-monitor': 'The project file has no monitor of that name.',
  'monitoring/unknown-name': 'A monitor names an endpoint, outcome feed or objective that the project file does not have.',
  'monitoring/window-too-short': 'A window holds fewer than three days, so nothing could ever be decided.',
  'monitoring/bad-thresholds': 'The warning line of drift lies above the alert line.',
  'monitoring/no-outcome': 'Performance is watched, but no outcome feed brings labels for the endpoint.',
  'monitoring/metric-not-estimated': 'The metric of the objective cannot be estimated with an interval by day.',
  'monitoring/other-metric': 'The monitor names another metric than its objective has.',
  'monitoring/bad-reference': 'Stored summaries of a training table cannot be read.',
  'monitoring/worker-failed': 'The thread that computes windows failed or ended.',
} as const;
