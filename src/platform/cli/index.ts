/**
 * The command line as a port: slices declare commands, `main` parses, runs and maps errors to exit codes.
 *
 * @module
 */
export type { ApiCall, Command, CommandContext, CommandFlag, CommandIo } from './command.ts';
export { defineCommand } from './command.ts';
