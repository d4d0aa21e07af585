/** Codes that this slice gives. */
export const accessErrors = {
  'access/not-local': 'In local mode only programs on this machine may call.',
  'access/needs-sign-in':
    'The server was told to listen beyond this machine, which needs people to sign in; that does not exist yet.',
} as const;
