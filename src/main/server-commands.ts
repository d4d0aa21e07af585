import { type Command, defineCommand, ExitCode } from '#platform/cli';

/** Commands about the server itself. */
export const serverCommands: readonly Command[] = [
  defineCommand({
    name: 'up',
    summary: 'Starts the server: API, screens and endpoints',
    positionals: [],
    needs: 'nothing',
    flags: [
      { name: 'port', kind: 'number', placeholder: 'N', summary: 'port to listen on; 0 takes a free one; default 4973' },
      { name: 'host', kind: 'text', placeholder: 'ADDRESS', summary: 'loopback address to listen on; default 127.0.0.1' },
      {
        name: 'allow-host',
        kind: 'text',
        placeholder: 'NAME',
        summary: 'another Host name to answer for, such as that of a tunnel',
      },
    ],
    examples: ['gyre up', 'gyre up --port 0 --data /srv/gyre'],
    run: async (context) => await (await import('./up.ts')).runUp(context),
  }),
  defineCommand({
    name: 'demo',
    summary: 'Shows the whole loop on real data: starts a server, drives it by its HTTP API, keeps it serving',
    positionals: [],
    needs: 'nothing',
    flags: [
      { name: 'port', kind: 'number', placeholder: 'N', summary: 'port to listen on; 0 takes a free one; default 4973' },
      { name: 'scale', kind: 'text', placeholder: 'SCALE', summary: 'full (3 million rows) or small (100,000); default full' },
      { name: 'exit', kind: 'boolean', summary: 'end when the story is told, instead of serving until Ctrl-C' },
    ],
    examples: ['gyre demo', 'gyre demo --scale small --exit --port 0'],
    run: async (context) => await (await import('./demo.ts')).runDemoCommand(context),
  }),
  defineCommand({
    name: 'status',
    summary: 'Tells what runs for this folder, and how it is',
    positionals: [],
    needs: 'nothing',
    flags: [],
    examples: ['gyre status', 'gyre status --json'],
    run: async (context) => await (await import('./status.ts')).runStatus(context),
  }),
  defineCommand({
    name: 'doctor',
    summary: 'Checks this machine, the store and the server, and says how to mend what is wrong',
    positionals: [],
    needs: 'nothing',
    flags: [{ name: 'port', kind: 'number', placeholder: 'N', summary: 'port that gyre up would take; default 4973' }],
    examples: ['gyre doctor', 'gyre doctor --json'],
    run: async (context) => {
      const { isSound } = await (await import('./doctor.ts')).runDoctor(context);
      return isSound ? ExitCode.done : ExitCode.failed;
    },
  }),
];
