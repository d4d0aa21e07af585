import { fileURLToPath } from 'node:url';

/**
 * Gives the command that trains a job in a child process of this Node.
 *
 * @param jobFile - Path of a {@link TrainingJob} as JSON.
 * @returns Program and arguments, for the compute port.
 * @example
 * ```ts
 * trainingCommand('job.json').at(-1); // => 'job.json'
 * ```
 */
export function trainingCommand(jobFile: string): [string, ...string[]] {
  const entry = fileURLToPath(new URL('./train-process.ts', import.meta.url));
  const isSource = entry.endsWith('.ts');
  return [process.execPath, ...(isSource ? ['--conditions=source'] : []), entry, jobFile];
}
