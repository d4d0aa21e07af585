import { type Command, defineCommand, ExitCode } from '#platform/cli';
import { verifyAuditRoute, whyRoute } from './api.ts';

/** Commands of this slice. */
export const governanceCommands: readonly Command[] = [
  defineCommand({
    name: 'audit verify',
    summary: 'Recomputes the audit chain and holds it against every kept checkpoint',
    positionals: [],
    flags: [],
    examples: ['gyre audit verify', 'gyre audit verify --json'],
    run: async ({ call, io, json }) => {
      const found = await call(verifyAuditRoute);
      if (json) io.answer(JSON.stringify(found));
      else if (found.verified) {
        io.answer(
          `● verified: ${String(found.entries)} entries against ${String(found.checkpoints ?? 0)} checkpoints, root ${found.rootHash ?? ''}`,
        );
      } else io.answer(`■ NOT verified at entry ${String(found.atSequence ?? 0)}: ${found.reason ?? ''}`);
      return found.verified ? ExitCode.done : ExitCode.verdictFail;
    },
  }),
  defineCommand({
    name: 'why',
    summary: 'Explains a turn or a model version from stored facts',
    positionals: ['SUBJECT'],
    flags: [],
    examples: ['gyre why 3', 'gyre why churn@champion', 'gyre why churn:8 --json'],
    run: async ({ args, call, io, json, project }) => {
      const found = await call(whyRoute, { params: { project: await project() }, query: { subject: args[0] ?? '' } });
      if (json) {
        io.answer(JSON.stringify(found));
        return ExitCode.done;
      }
      io.answer(`${found.subject}: ${found.sentence}`);
      io.table(
        ['when', 'who', 'what'],
        found.lines.map((line) => [line.at ?? '', line.who ?? '', line.text]),
      );
      for (const [name, digest] of Object.entries(found.digests)) io.answer(`  ${name}: ${digest}`);
      return ExitCode.done;
    },
  }),
];
