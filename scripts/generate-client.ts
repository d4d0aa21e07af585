/** Writes `src/client/generated-routes.ts` and `docs/reference/http.md` from every `api.ts`: run it after adding or changing a route. */
import { globSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AnyRouteContract } from '#platform/http/api';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Where the client's routes are written, from the root of the repository. */
export const GENERATED_FILE = 'src/client/generated-routes.ts';

/** The reference page of all routes, from the root of the repository. */
export const REFERENCE_FILE = 'docs/reference/http.md';

/** A contract and where it is exported. */
export interface ExportedRoute {
  readonly contract: AnyRouteContract;
  /** Such as `#tracking/api`. */
  readonly door: string;
  readonly exportName: string;
}

/**
 * Collects the contracts that every wire door exports.
 *
 * @returns One for each route, by id.
 */
export async function exportedRoutes(): Promise<readonly ExportedRoute[]> {
  const routes: ExportedRoute[] = [];
  for (const path of globSync('src/{*,platform/*}/api.ts', { cwd: root }).sort()) {
    const door = `#${dirname(path).replace(/^src\//, '')}/api`;
    const members = (await import(pathToFileURL(join(root, path)).href)) as Record<string, unknown>;
    for (const [exportName, contract] of Object.entries(members)) {
      if (isContract(contract)) routes.push({ contract, door, exportName });
    }
  }
  const byId = new Map(routes.map((route) => [route.contract.id, route]));
  if (byId.size !== routes.length) throw new TypeError(`two routes share an id: ${duplicates(routes).join(', ')}`);
  return [...byId.values()].sort((a, b) => (a.contract.id < b.contract.id ? -1 : 1));
}

/**
 * Writes the source of the client's routes.
 *
 * @param routes - What {@link exportedRoutes} collected.
 * @returns TypeScript.
 */
export function clientSource(routes: readonly ExportedRoute[]): string {
  for (const { contract } of routes) requireDistinctNames(contract);
  // Event streams are read by client.events, which has types of its own.
  const typed = routes.filter(({ contract }) => contract.answerKind !== 'events');
  const doors = [...new Set(typed.map((route) => route.door))].sort();
  const groups = [...new Set(routes.map((route) => groupOf(route)))].sort();
  const hasBytes = routes.some(({ contract }) => contract.answerKind === 'bytes');
  return [
    '// Written by scripts/generate-client.ts from every api.ts. Do not edit: run it again.',
    ...doors.map((door) => `import type * as ${aliasOf(door)} from '${door}';`),
    `import type { ${hasBytes ? 'BytesCall, ' : ''}RouteCall, RouteEntry } from './route-calls.ts';`,
    '',
    '/** Every route, as the client needs it at run time. */',
    'export const ROUTES = {',
    ...routes.map(({ contract }) => `  '${contract.id}': ${entryText(contract)},`),
    '} as const satisfies Readonly<Record<string, RouteEntry>>;',
    '',
    '/** Every route as a function, by slice. */',
    'export interface RouteGroups {',
    ...groups.flatMap((group) => [
      `  readonly ${group}: {`,
      ...routes.filter((route) => groupOf(route) === group).flatMap(memberText),
      '  };',
    ]),
    '}',
    '',
  ].join('\n');
}

/**
 * Writes the reference page of all routes.
 *
 * @param routes - What {@link exportedRoutes} collected.
 * @returns Markdown.
 */
export function referencePage(routes: readonly ExportedRoute[]): string {
  const groups = [...new Set(routes.map((route) => groupOf(route)))].sort();
  const lines = [
    '# HTTP routes',
    '',
    'Written by `node --conditions=source scripts/generate-client.ts` from the contracts that also validate; a test keeps it equal. The same as OpenAPI 3.1: `GET /api/openapi.json`.',
    '',
    'Bodies are JSON with camelCase names, units in names and RFC 3339 times in UTC. Failures are `application/problem+json` with a stable `code`; an unknown field is a 400 that names the nearest known one. Lists take `limit` and `cursor` and answer `{ items, nextCursor }`. Routes marked *key* take an `Idempotency-Key`: the same request under the same key within 24 hours changes nothing and gives the same answer.',
  ];
  for (const group of groups) {
    lines.push('', `## ${group}`, '', '| route | what it does | right | repeat |', '|---|---|---|---|');
    for (const { contract } of routes.filter((route) => groupOf(route) === group)) {
      const repeat = contract.idempotency === 'key' ? '*key*' : contract.idempotency;
      const summary = contract.summary.replace(/\.?$/, '.').replaceAll('|', '\\|');
      lines.push(`| \`${contract.method} ${contract.path}\` | ${summary} | \`${contract.authorize.right}\` | ${repeat} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function entryText(contract: AnyRouteContract): string {
  const query = Object.keys(propertiesOf(contract.query)).map((name) => `'${name}'`);
  const members = [
    `method: '${contract.method}'`,
    `path: '${contract.path}'`,
    `body: '${contract.bodyKind}'`,
    `answer: '${contract.answerKind}'`,
    `idempotency: '${contract.idempotency}'`,
    `query: [${query.join(', ')}]`,
  ];
  return `{ ${members.join(', ')} }`;
}

function memberText({ contract, door, exportName }: ExportedRoute): readonly string[] {
  if (contract.answerKind === 'events') return [];
  const type = contract.answerKind === 'bytes' ? 'BytesCall' : 'RouteCall';
  return [
    `    /** ${contract.summary.replace(/\.?$/, '.')} */`,
    `    readonly ${contract.id.split('.')[1] ?? ''}: ${type}<typeof ${aliasOf(door)}.${exportName}>;`,
  ];
}

/** Inputs are flat, so a name may stand in one place only. */
function requireDistinctNames(contract: AnyRouteContract): void {
  const names = [...Object.keys(propertiesOf(contract.params)), ...Object.keys(propertiesOf(contract.query)), 'body', 'bytes'];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new TypeError(`${contract.id} has "${twice}" twice among params, query, "body" and "bytes"; rename one`);
  if (!/^[a-z][a-zA-Z]*\.[a-z][a-zA-Z0-9]*$/.test(contract.id)) throw new TypeError(`"${contract.id}" is not <slice>.<verbNoun>`);
}

function propertiesOf(schema: object): object {
  const properties: unknown = Reflect.get(schema, 'properties');
  return typeof properties === 'object' && properties !== null ? properties : {};
}

/** `#platform/server/api` is known as `serverApi`. */
function aliasOf(door: string): string {
  return `${door.split('/').at(-2)?.replace('#', '') ?? ''}Api`;
}

function groupOf({ contract }: ExportedRoute): string {
  return contract.id.split('.')[0] ?? '';
}

function duplicates(routes: readonly ExportedRoute[]): readonly string[] {
  const ids = routes.map((route) => route.contract.id);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

function isContract(value: unknown): value is AnyRouteContract {
  return (
    typeof value === 'object' && value !== null && 'id' in value && 'method' in value && 'path' in value && 'authorize' in value
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const routes = await exportedRoutes();
  writeFileSync(join(root, GENERATED_FILE), clientSource(routes));
  writeFileSync(join(root, REFERENCE_FILE), referencePage(routes));
  process.stderr.write(`${GENERATED_FILE}, ${REFERENCE_FILE}: ${String(routes.length)} routes\n`);
}
