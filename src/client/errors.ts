/** Codes that the client itself gives; all others come from the server. */
export const clientErrors = {
  'client/unreachable': 'No server answers at the URL.',
  'client/timeout': 'The server did not answer in time.',
  'client/bad-answer': 'What answered is not a Gyre server.',
} as const;
