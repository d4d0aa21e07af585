import { GyreError, type JsonObject } from '#kernel';
import type { StepContext } from './step.ts';

/**
 * Finds what an earlier step made: the newest output that has all the named members.
 *
 * @param context - The step that needs it.
 * @param members - Names of the members.
 * @returns The output.
 * @throws {@link GyreError} `pipelines/missing-input` when no earlier step made it.
 */
export function outputWith(context: Pick<StepContext, 'outputs' | 'step'>, members: readonly string[]): JsonObject {
  const found = Object.values(context.outputs).findLast((output) => members.every((member) => output[member] !== undefined));
  if (found !== undefined) return found;
  throw new GyreError({
    kind: 'invalid',
    code: 'pipelines/missing-input',
    message: `step "${context.step.name}" (${context.step.uses}) needs ${members.join(', ')}, which no earlier step made`,
    help: 'put the built-in step that makes it before this one: ingest, features, train, evaluate, register, package',
  });
}

/**
 * Reads a text member of an output.
 *
 * @param output - The output.
 * @param member - Its name.
 * @returns The text; empty when it is something else.
 */
export function textOf(output: JsonObject, member: string): string {
  const value = output[member];
  return typeof value === 'string' ? value : '';
}

/**
 * Reads a number member of an output.
 *
 * @param output - The output.
 * @param member - Its name.
 * @returns The number; NaN when it is something else.
 */
export function numberOf(output: JsonObject, member: string): number {
  const value = output[member];
  return typeof value === 'number' ? value : Number.NaN;
}

/**
 * Reads an object of texts from an output.
 *
 * @param output - The output.
 * @param member - Its name.
 * @returns The texts by name; members that are no texts are left out.
 */
export function textsOf(output: JsonObject, member: string): Readonly<Record<string, string>> {
  const value = output[member];
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
