/** How serious a finding is: fine, better mended, or in the way. */
export type FindingState = 'sound' | 'attention' | 'broken';

/** What a check found. */
export interface Finding {
  readonly state: FindingState;
  /** What was found, with its value. */
  readonly detail: string;
  /** What mends it; for everything that is not sound. */
  readonly fix?: string;
}

/** One thing to look at. */
export interface Check {
  readonly name: string;
  /** Looks, and never changes anything that stays. */
  look(): Promise<Finding>;
}

/** A finding with the name of its check. */
export interface NamedFinding extends Finding {
  readonly name: string;
}

/**
 * Runs checks one after the other; a check that throws is itself a finding.
 *
 * @param checks - What to look at.
 * @returns One finding each, in the same order.
 */
export async function runChecks(checks: readonly Check[]): Promise<readonly NamedFinding[]> {
  const findings: NamedFinding[] = [];
  for (const check of checks) findings.push({ name: check.name, ...(await lookSafely(check)) });
  return findings;
}

/**
 * Writes findings for people: one line each, the fix below it. The shape carries the state, colour is not needed.
 *
 * @param findings - What {@link runChecks} gave.
 * @returns Lines.
 * @example
 * ```ts
 * findingLines([{ name: 'port', state: 'sound', detail: '4973 is free' }]); // => ['● port  4973 is free']
 * ```
 */
export function findingLines(findings: readonly NamedFinding[]): readonly string[] {
  const width = Math.max(0, ...findings.map(({ name }) => name.length));
  const shapes: Readonly<Record<FindingState, string>> = { sound: '●', attention: '▲', broken: '■' };
  return findings.flatMap(({ name, state, detail, fix }) => [
    `${shapes[state]} ${name.padEnd(width)}  ${detail}`,
    ...(fix === undefined ? [] : [`  ${' '.repeat(width)}  fix: ${fix}`]),
  ]);
}

async function lookSafely(check: Check): Promise<Finding> {
  try {
    return await check.look();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const help: unknown = error instanceof Error ? Reflect.get(error, 'help') : undefined;
    return { state: 'broken', detail: message, ...(typeof help === 'string' ? { fix: help } : { fix: 'see the message' }) };
  }
}
