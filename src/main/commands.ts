import type { CommandEntry } from '#platform/cli';

/** Makes an entry whose slice is loaded only when the command is called: the others cost no start-up time. */
function entry(
  name: string,
  summary: string,
  load: () => Promise<readonly Awaited<ReturnType<CommandEntry['load']>>[]>,
): CommandEntry {
  return {
    name,
    summary,
    load: async () => {
      const found = (await load()).find((command) => command.name === name);
      if (found === undefined) throw new TypeError(`the room that should have the command "${name}" does not`);
      return found;
    },
  };
}

const server = async () => (await import('./server-commands.ts')).serverCommands;
const access = async () => (await import('#access/commands')).accessCommands;

/** Every command of `gyre`; a test holds names and summaries equal to what the rooms declare. */
export const COMMANDS: readonly CommandEntry[] = [
  entry('up', 'Starts the server: API, screens and endpoints', server),
  entry('status', 'Tells what runs for this folder, and how it is', server),
  entry('doctor', 'Checks this machine, the store and the server, and says how to mend what is wrong', server),
  entry('whoami', 'Tells who you are to the server, and what you may do', access),
];
