/** Codes that screens give themselves: everything else comes from the server. */
export const webErrors = {
  'web/unreachable': 'The server did not answer: it is stopped, or the network is down.',
  'web/bad-answer': 'The answer was no JSON and no problem document.',
} as const;
