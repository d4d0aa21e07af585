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
const governance = async () => (await import('#governance/commands')).governanceCommands;
const pipelines = async () => (await import('#pipelines/commands')).pipelinesCommands;
const serving = async () => (await import('#serving/commands')).servingCommands;
const access = async () => (await import('#access/commands')).accessCommands;

/** Every command of `gyre`; a test holds names and summaries equal to what the rooms declare. */
export const COMMANDS: readonly CommandEntry[] = [
  entry('up', 'Starts the server: API, screens and endpoints', server),
  entry('demo', 'Shows the whole loop on real data: starts a server, drives it by its HTTP API, keeps it serving', server),
  entry('run', 'Applies the project file and runs one of its pipelines, with its log, to the end', pipelines),
  entry('predict', 'Scores the rows of a CSV, JSON or NDJSON file at an endpoint, in order', serving),
  entry('why', 'Explains a turn or a model version from stored facts', governance),
  entry('audit verify', 'Recomputes the audit chain and holds it against every kept checkpoint', governance),
  entry('status', 'Tells what runs for this folder, and how it is', server),
  entry('doctor', 'Checks this machine, the store and the server, and says how to mend what is wrong', server),
  entry('whoami', 'Tells who you are to the server, and what you may do', access),
];
