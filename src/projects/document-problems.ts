import { didYouMean, type Problem } from '#kernel';

/** One finding of the schema validator, in the form that JSON-schema validators share. */
export interface SchemaFinding {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** What the words of a problem need besides the finding: the value at a pointer and the schema at a schema path. */
export interface FindingContext {
  valueAt(pointer: string): unknown;
  schemaAt(schemaPath: string): unknown;
}

/**
 * Turns a validator's findings into problems for people: one per mistake, with the value and the nearest known name.
 *
 * @param findings - All findings of one document.
 * @param context - Looks up values and schemas.
 * @returns The problems in the order of the document's pointers.
 */
export function problemsOf(findings: readonly SchemaFinding[], context: FindingContext): readonly Problem[] {
  const unions = findings.filter((finding) => finding.keyword === 'anyOf').map((finding) => finding.schemaPath);
  const problems: Problem[] = [];
  for (const finding of findings) {
    // Inside a union every branch complains; the union's own finding speaks for them.
    if (finding.keyword === 'boolean' || unions.some((path) => finding.schemaPath.startsWith(`${path}/anyOf/`))) continue;
    problems.push(...wordsOf(finding, context));
  }
  return problems;
}

function wordsOf(finding: SchemaFinding, context: FindingContext): readonly Problem[] {
  const at = finding.instancePath;
  if (finding.keyword === 'additionalProperties') {
    const known = namesIn(context.schemaAt(finding.schemaPath), 'properties');
    return listIn(finding.params, 'additionalProperties').map((name) => ({
      pointer: `${at}/${escapePointer(name)}`,
      code: 'projects/unknown-key',
      detail: `unknown key "${name}"${didYouMean(name, known) || `; known here: ${known.join(', ')}`}`,
    }));
  }
  if (finding.keyword === 'required') {
    return listIn(finding.params, 'requiredProperties').map((name) => ({
      pointer: at,
      code: 'projects/missing-key',
      detail: `"${name}" is missing`,
    }));
  }
  const value = context.valueAt(at);
  const choices = choicesOf(context.schemaAt(finding.schemaPath));
  const hint =
    choices.length === 0
      ? finding.message
      : `must be one of ${choices.join(', ')}${typeof value === 'string' ? didYouMean(value, choices) : ''}`;
  return [{ pointer: at, code: 'projects/bad-value', detail: `${describe(value)}: ${hint}` }];
}

function choicesOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if ('enum' in schema && Array.isArray(schema.enum)) return schema.enum.map(String);
  if ('anyOf' in schema && Array.isArray(schema.anyOf)) {
    return schema.anyOf.flatMap((branch: unknown) =>
      typeof branch === 'object' && branch !== null && 'const' in branch ? [String(branch.const)] : [],
    );
  }
  return [];
}

function namesIn(schema: unknown, member: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const value: unknown = Object.entries(schema).find(([key]) => key === member)?.[1];
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function listIn(params: object, member: string): readonly string[] {
  const value: unknown = Object.entries(params).find(([key]) => key === member)?.[1];
  return Array.isArray(value) ? value.map(String) : [];
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/**
 * Escapes one member name for a JSON pointer (RFC 6901 §3).
 *
 * @param name - The member's name.
 * @returns The name with `~` and `/` escaped.
 */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
