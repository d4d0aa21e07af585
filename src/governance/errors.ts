/** Error codes of this slice and what each means. */
export const governanceErrors = {
  'governance/approval-not-found': 'There is no approval of that id.',
  'governance/approval-decided': 'The approval was decided already; a decision never changes.',
  'governance/unknown-subject': 'There is nothing of that name to explain: give a turn, a model or an alert.',
} as const;
