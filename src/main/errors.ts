/** Codes that the composition root itself gives. */
export const mainErrors = {
  'main/unusable-folder': 'The folder cannot hold a store: no folder, not writable, full or read-only.',
  'main/unbound': 'A port was called before the composition root had bound it.',
  'main/server-not-started': 'The server that a command started for itself did not come up.',
  'main/server-ended': 'The server that a command started for itself ended too early.',
} as const;
