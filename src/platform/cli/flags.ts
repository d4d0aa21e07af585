import type { CommandFlag } from './command.ts';

/** A flag of one letter besides its name. */
export interface GlobalFlag extends CommandFlag {
  readonly short?: string;
}

/** Flags that every command takes. */
export const GLOBAL_FLAGS: readonly GlobalFlag[] = [
  {
    name: 'project',
    short: 'p',
    kind: 'text',
    placeholder: 'NAME',
    summary: 'project to work in; default: the project file’s, or the only one',
  },
  { name: 'server', kind: 'text', placeholder: 'URL', summary: 'server to talk to; default: the one of the data folder' },
  { name: 'data', kind: 'text', placeholder: 'DIR', summary: 'data folder; default ./.gyre' },
  { name: 'json', kind: 'boolean', summary: 'only JSON on stdout' },
  { name: 'quiet', short: 'q', kind: 'boolean', summary: 'no progress lines' },
  { name: 'verbose', short: 'v', kind: 'boolean', summary: 'causes and stack traces of failures' },
  { name: 'no-color', kind: 'boolean', summary: 'no colour' },
  { name: 'yes', kind: 'boolean', summary: 'answer simple questions with yes' },
  { name: 'timeout', kind: 'text', placeholder: 'TIME', summary: 'longest time for one answer of the server, such as 30s' },
  { name: 'help', short: 'h', kind: 'boolean', summary: 'help for a command' },
];
