/** Codes that the command line itself gives. */
export const cliErrors = {
  'cli/unknown-command': 'There is no such command.',
  'cli/unknown-flag': 'The command has no such flag.',
  'cli/bad-flag': 'A flag lacks its value, has one it does not take, or one of the wrong form.',
  'cli/missing-argument': 'The command needs an argument that was not given.',
  'cli/extra-argument': 'The command takes fewer arguments.',
  'cli/no-server': 'No server is running for the data folder, and there is no store to start one on.',
  'cli/unreachable': 'The server does not answer.',
  'cli/bad-answer': 'What answered is not a Gyre server.',
  'cli/timeout': 'The server did not answer within the time of --timeout.',
  'cli/needs-project': 'There are several projects and none was named.',
  'cli/defect': 'A defect of Gyre itself.',
} as const;
