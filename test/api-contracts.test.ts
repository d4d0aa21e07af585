import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TSchema } from 'typebox';
import { describe, expect, test } from 'vitest';
import { isRight } from '#access';
import type { AnyRouteContract } from '#platform/http/api';
import { readErrorsCatalogue } from '../scripts/errors-catalogue.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Declared {
  readonly file: string;
  readonly room: string;
  readonly route: AnyRouteContract;
}

function isRoute(value: unknown): value is AnyRouteContract {
  return (
    typeof value === 'object' && value !== null && ['id', 'method', 'path', 'authorize', 'answer'].every((key) => key in value)
  );
}

async function declaredIn(file: string): Promise<readonly Declared[]> {
  // A wire door is looked through by name: what is a route says so by its shape.
  const door = (await import(/* @vite-ignore */ join(root, file))) as Readonly<Record<string, unknown>>;
  const room = file.split('/').at(-2) ?? '';
  return Object.values(door)
    .filter(isRoute)
    .map((route) => ({ file, room, route }));
}

const files = globSync(['src/*/api.ts', 'src/platform/*/api.ts'], { cwd: root }).sort();
const declared = (await Promise.all(files.map(declaredIn))).flat();
const codes = new Set(readErrorsCatalogue().listed.map((entry) => entry.code));

/** Every object inside a schema that has named members and lets others in as well. */
function openObjects(schema: unknown, pointer: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const parts: Readonly<Record<string, unknown>> = { ...schema };
  const named = parts['properties'];
  const own = named !== undefined && parts['additionalProperties'] !== false ? [pointer === '' ? '/' : pointer] : [];
  const members = Object.entries(typeof named === 'object' && named !== null ? named : {}).map(
    ([name, member]) => [`${pointer}/${name}`, member] as const,
  );
  const choices = [parts['anyOf'], parts['allOf']]
    .flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []))
    .map((member) => [pointer, member] as const);
  const rest = [...members, ...choices, [`${pointer}/*`, parts['items']] as const];
  return [...own, ...rest.flatMap(([place, member]) => openObjects(member, place))];
}

function membersOf(schema: TSchema): readonly string[] {
  const parts: Readonly<Record<string, unknown>> = { ...schema };
  return Object.keys(typeof parts['properties'] === 'object' && parts['properties'] !== null ? parts['properties'] : {});
}

const parametersOf = (path: string): readonly string[] => [...path.matchAll(/:([a-zA-Z]+)/g)].map((match) => match[1] ?? '');

const offenders = (isBad: (one: Declared) => boolean): readonly string[] =>
  declared.filter(isBad).map(({ file, route }) => `${file}: ${route.id}`);

describe('routes', () => {
  test('are declared at all', () => {
    expect(declared.length).toBeGreaterThan(10);
  });

  test('have an id of their own, <room>.<verbNoun>', () => {
    const ids = declared.map(({ route }) => route.id);

    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(offenders(({ room, route }) => !new RegExp(`^${room}\\.[a-z][a-zA-Z]+$`).test(route.id))).toEqual([]);
  });

  test('have a method and path of their own', () => {
    const places = declared.map(({ route }) => `${route.method} ${route.path.replace(/:[a-zA-Z]+/g, ':')}`);

    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  test('describe exactly the parameters of their path', () => {
    expect(
      offenders(({ route }) => [...parametersOf(route.path)].sort().join() !== [...membersOf(route.params)].sort().join()),
    ).toEqual([]);
  });

  test('that ask for a right in a project name the project in their path, and the other way round', () => {
    const isProjectRoute = ({ route }: Declared): boolean => parametersOf(route.path).includes('project');
    const mayCreateIt = ({ room }: Declared): boolean => room === 'projects';

    expect(offenders((one) => one.route.authorize.scope === 'project' && !isProjectRoute(one))).toEqual([]);
    expect(offenders((one) => one.route.authorize.scope === 'server' && isProjectRoute(one) && !mayCreateIt(one))).toEqual([]);
  });

  test('ask for a right of the catalogue, or are public', () => {
    expect(offenders(({ route }) => route.authorize.right !== 'public' && !isRight(route.authorize.right))).toEqual([]);
  });

  test('change nothing when they are read, and name what they record when they change something', () => {
    expect(
      offenders(({ route }) => (route.method === 'GET') !== (route.idempotency === 'safe') && route.method === 'GET'),
    ).toEqual([]);
    expect(offenders(({ route }) => route.method === 'GET' && route.audit !== 'none')).toEqual([]);
  });

  test('refuse members that they do not know', () => {
    const open = declared.flatMap(({ file, route }) =>
      [route.params, route.query, route.body]
        .flatMap((schema) => openObjects(schema, ''))
        .map((pointer) => `${file}: ${route.id} ${pointer}`),
    );

    expect(open).toEqual([]);
  });

  test('name only errors of the catalogue', () => {
    const unknown = declared.flatMap(({ file, route }) =>
      route.errors.filter((code) => !codes.has(code)).map((code) => `${file}: ${route.id} ${code}`),
    );

    expect(unknown).toEqual([]);
  });

  test('say in one sentence what they do', () => {
    expect(offenders(({ route }) => !/^[A-Z][a-z]+s\b/.test(route.summary))).toEqual([]);
  });
});

describe('the judge of schemas', () => {
  test('sees an object that lets strangers in, however deep', () => {
    const closed = {
      type: 'object',
      additionalProperties: false,
      properties: { list: { type: 'array', items: { type: 'object', properties: { a: {} } } } },
    };

    expect(openObjects(closed, '')).toEqual(['/list/*']);
  });
});
