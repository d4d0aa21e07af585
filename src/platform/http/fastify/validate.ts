import type { TSchema } from 'typebox';
import type { Validator } from 'typebox/schema';
import { didYouMean, GyreError, type Problem } from '#kernel';
import { type AnyRouteContract, NoFields, Nothing } from '#platform/http/api';

/** How many problems of one request are reported. */
const PROBLEM_LIMIT = 20;

/** Which part of the request is validated; also the first segment of the pointers. */
export type RequestPart = 'path' | 'query' | 'body';

const compiled = new WeakMap<object, Validator>();

let compiler: typeof import('typebox/schema') | undefined;

/** Loads the schema compiler, which is not needed for the server to be ready; await it before the first {@link accepts}. */
export async function loadCompiler(): Promise<void> {
  compiler ??= await import('typebox/schema');
}

/** Tells whether a route takes nothing that needs a compiler to be validated. */
export function isBare({ params, query, body }: AnyRouteContract): boolean {
  return params === NoFields && query === NoFields && body === Nothing;
}

/** Validates a value against a schema and gives it back; every problem is reported at once. */
export function validatePart(part: RequestPart, schema: TSchema, value: unknown): unknown {
  if (part === 'body' && value === undefined && !accepts(schema, null)) {
    throw new GyreError({ kind: 'invalid', code: 'http/invalid', message: 'this route needs a JSON body, and none was sent' });
  }
  if (isTrivial(schema, value) || accepts(schema, value)) return value;
  const problems = problemsOf(part, schema, value);
  const first = problems[0];
  const unknownOnly = problems.length > 0 && problems.every((problem) => problem.code === 'http/unknown-field');
  const more = problems.length > 1 ? ` (and ${String(problems.length - 1)} more)` : '';
  throw new GyreError({
    kind: 'invalid',
    code: unknownOnly ? 'http/unknown-field' : 'http/invalid',
    message: first === undefined ? `the ${part} does not match the schema of the route` : `${part}: ${first.detail}${more}`,
    problems,
  });
}

/** Tells whether a value matches a schema; schemas are compiled at their first use. */
export function accepts(schema: TSchema, value: unknown): boolean {
  return validatorOf(schema).Check(value);
}

/** Lists where an answer differs from its schema, in one line; for the defect message. */
export function describeMismatch(schema: TSchema, value: unknown): string {
  const [, errors] = validatorOf(schema).Errors(value);
  return errors
    .slice(0, 5)
    .map((error) => `${error.instancePath === '' ? '/' : error.instancePath} ${error.message}`)
    .join('; ');
}

/** Most requests have no path parameters, no query or no body: that needs no compiler. */
function isTrivial(schema: TSchema, value: unknown): boolean {
  if (schema === Nothing) return value === null;
  return schema === NoFields && typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function validatorOf(schema: TSchema): Validator {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  if (compiler === undefined) throw new TypeError('loadCompiler was not awaited');
  const validator: Validator = compiler.Compile(schema);
  compiled.set(schema, validator);
  return validator;
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}

function problemsOf(part: RequestPart, schema: TSchema, value: unknown): readonly Problem[] {
  const [, errors] = validatorOf(schema).Errors(value);
  const context = { part, schema, value };
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const error of withoutBranches(errors)) {
    for (const problem of toProblems(context, error)) {
      const key = `${problem.pointer} ${problem.detail}`;
      if (seen.has(key)) continue;
      seen.add(key);
      problems.push(problem);
    }
  }
  return problems.slice(0, PROBLEM_LIMIT);
}

/** Leaves out the failures of the single branches of a union, which its own line sums up, and of the `false` behind unknown fields. */
function withoutBranches(errors: readonly (SchemaError & { readonly schemaPath: string })[]): readonly SchemaError[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf').map((error) => `${error.schemaPath}/anyOf/`);
  return errors.filter(
    (error) =>
      error.keyword !== 'boolean' && !unions.some((path) => error.schemaPath.startsWith(path) && error.keyword === 'const'),
  );
}

interface PartContext {
  readonly part: RequestPart;
  readonly schema: TSchema;
  readonly value: unknown;
}

function toProblems(context: PartContext, error: SchemaError): readonly Problem[] {
  const pointer = `/${context.part}${error.instancePath}`;
  const unknown = namesIn(error.params, 'additionalProperties');
  if (unknown !== undefined) {
    const known = Object.keys(propertiesAt(context.schema, error.instancePath));
    return unknown.map((name) => ({
      pointer: `${pointer}/${escapePointer(name)}`,
      code: 'http/unknown-field',
      detail: `unknown field "${name.slice(0, 80)}"${didYouMean(name, known)}`,
    }));
  }
  const missing = namesIn(error.params, 'requiredProperties');
  if (missing !== undefined) {
    return missing.map((name) => ({
      pointer: `${pointer}/${escapePointer(name)}`,
      code: 'http/invalid',
      detail: `"${name}" is missing`,
    }));
  }
  return [{ pointer, code: 'http/invalid', detail: detailOf(context, error) }];
}

function detailOf(context: PartContext, error: SchemaError): string {
  const name = error.instancePath === '' ? 'it' : `"${error.instancePath.slice(1)}"`;
  const got = shown(valueAt(context.value, error.instancePath));
  const choices = choicesAt(context.schema, error.instancePath);
  if (choices.length > 0) {
    const near = typeof got.raw === 'string' ? didYouMean(got.raw, choices) : '';
    return `${name} must be one of ${choices.map((choice) => `"${choice}"`).join(', ')}; got ${got.text}${near}`;
  }
  return `${name} ${error.message}; got ${got.text}`;
}

function shown(value: unknown): { readonly raw: unknown; readonly text: string } {
  if (Array.isArray(value)) return { raw: value, text: `an array of ${String(value.length)}` };
  if (typeof value === 'object' && value !== null) return { raw: value, text: 'an object' };
  if (value === undefined) return { raw: value, text: 'nothing' };
  const text = JSON.stringify(value);
  return { raw: value, text: text.length > 80 ? `${text.slice(0, 77)}...` : text };
}

function namesIn(params: object, key: string): readonly string[] | undefined {
  const names: unknown = Reflect.get(params, key);
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
}

function segmentsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function escapePointer(name: string): string {
  return name.slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1');
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const segment of segmentsOf(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = Reflect.get(value, segment);
  }
  return value;
}

/** Follows a pointer through `properties` and `items`; inside unions it gives up and knows no names. */
function schemaAt(root: unknown, pointer: string): unknown {
  let schema = root;
  for (const segment of segmentsOf(pointer)) {
    const properties = memberOf(schema, 'properties');
    schema = memberOf(properties, segment) ?? memberOf(schema, 'items');
  }
  return schema;
}

function propertiesAt(root: unknown, pointer: string): object {
  const properties = memberOf(schemaAt(root, pointer), 'properties');
  return typeof properties === 'object' && properties !== null ? properties : {};
}

function choicesAt(root: unknown, pointer: string): readonly string[] {
  const schema = schemaAt(root, pointer);
  const listed = memberOf(schema, 'enum');
  const branches = memberOf(schema, 'anyOf');
  const choices: readonly unknown[] = Array.isArray(listed)
    ? listed
    : arrayOf(branches).map((branch) => memberOf(branch, 'const'));
  return choices.filter((choice) => typeof choice === 'string');
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
