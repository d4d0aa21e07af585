/**
 * Commands of access: `gyre whoami`.
 *
 * @module
 */

import { whoamiRoute } from '#access/api';
import { type Command, defineCommand } from '#platform/cli';

/** Commands of the slice. */
export const accessCommands: readonly Command[] = [
  defineCommand({
    name: 'whoami',
    summary: 'Tells who you are to the server, and what you may do',
    positionals: [],
    flags: [],
    examples: ['gyre whoami', 'gyre whoami --json'],
    run: async ({ call, io, json }) => {
      const answer = await call(whoamiRoute);
      if (json) io.answer(JSON.stringify(answer));
      else
        io.answer(
          `${answer.displayName} (${answer.principal}), ${answer.role ?? 'no role'}, ${String(answer.rights.length)} rights`,
        );
      return 0;
    },
  }),
];
