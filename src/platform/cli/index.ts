/**
 * The command line as a port: slices declare commands, `main` parses, runs and maps errors to exit codes.
 *
 * @module
 */
export type { ApiCall, Command, CommandContext, CommandFlag, CommandIo } from './command.ts';
export { defineCommand } from './command.ts';
export { type CommandEntry, type CommandLine, runCommandLine } from './command-line.ts';
export { findDataFolder } from './data-folder.ts';
export { cliErrors } from './errors.ts';
export { EXIT_CODE_MEANINGS, ExitCode, exitCodeOf, exitCodeTable } from './exit-codes.ts';
export { alignedTable, tabSeparated } from './tables.ts';
