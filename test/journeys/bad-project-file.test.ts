/** Project files that are wrong: each is refused by line and reason, and the project stays as it was. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Door, JSON_TYPE, openDoor } from '../fixtures/door.ts';
import { SHOP, SHOP_PROJECT } from '../fixtures/shop.ts';

let door: Door;

beforeAll(async () => {
  door = await openDoor();
});

afterEach(async () => {
  await door.assertUntouched();
});

afterAll(async () => {
  await door.server.close();
});

const LONG = 50_000_000;

describe('a project file', () => {
  const apply = async (text: unknown, name = 'other') =>
    await door.ask(`/api/v1/projects/${name}`, { method: 'PUT', headers: JSON_TYPE, body: JSON.stringify({ text }) });

  test.each<[string, string, RegExp]>([
    ['an unknown key', 'gyre: 1\nproject: other\nobjectivs: {}\n', /gyre.yaml:3 .*did you mean \\"objectives\\"/],
    ['no text', '', /./],
    ['a list', '- 1\n', /./],
    ['a tab', 'gyre: 1\n\tproject: other\n', /line 2/],
    ['an open bracket', 'gyre: 1\nproject: [\n', /line/],
    ['a billion laughs', `a: &a [x,x,x,x,x,x,x,x,x]\n${laughs()}`, /alias/],
    ['deep nesting', `gyre: 1\nproject: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`, /./],
    ['another format version', 'gyre: 2\nproject: other\n', /gyre/],
    ['a name that climbs', 'gyre: 1\nproject: ../other\n', /project/],
    ['another name than the path', 'gyre: 1\nproject: elsewhere\n', /elsewhere/],
    ['a prototype', 'gyre: 1\nproject: other\n__proto__: {a: 1}\n', /__proto__/],
    ['a tag that builds', 'gyre: 1\nproject: !!js/function "function(){}"\n', /./],
    ['a key twice', 'gyre: 1\nproject: other\nproject: other\n', /line 3/],
    ['zero bytes', 'gyre: 1\nproject: other\u0000\n', /./],
  ])('with %s is refused', async (_what, text, words) => {
    const answer = await apply(text);

    expect([400, 422], answer.text).toContain(answer.status);
    expect(answer.text).toMatch(words);
  });

  test.each<[string, (project: Record<string, Record<string, Record<string, unknown>>>) => void]>([
    ['a column of no known type', ({ datasets }) => Object.assign(datasets?.['visits']?.['columns'] as object, { shop: 'txt' })],
    ['a dataset named like a prototype', ({ datasets }) => Object.assign(datasets as object, { constructor: {} })],
    ['an expression that is none', ({ features }) => Object.assign(features?.['visits']?.['columns'] as object, { x: 'shop +' })],
    [
      'a pattern that never ends',
      ({ datasets }) =>
        Object.assign(datasets?.['visits'] as object, { checks: [{ column: 'shop', matches: '(a+)+$(', onBreach: 'fail' }] }),
    ],
    ['a date that there is not', ({ objectives }) => Object.assign(objectives?.['returns'] as object, { due: '2030-02-30' })],
    ['a training on no view', ({ training }) => Object.assign(training?.['visits'] as object, { features: 'visit' })],
    ['a negative window', ({ training }) => Object.assign(training?.['visits'] as object, { window: '-60d' })],
    [
      'a trainer that is none',
      ({ training }) => Object.assign(training?.['visits'] as object, { candidates: [{ kind: 'gtb' }] }),
    ],
    [
      'a million trees',
      ({ training }) => Object.assign(training?.['visits'] as object, { candidates: [{ kind: 'gbt', trees: 1e6 }] }),
    ],
    [
      'a step that is a shell string',
      ({ pipelines }) => Object.assign(pipelines?.['train'] as object, { steps: [{ name: 'x', run: 'rm -rf /' }] }),
    ],
    [
      'steps that need each other',
      ({ pipelines }) =>
        Object.assign(pipelines?.['train'] as object, {
          steps: [
            { name: 'a', uses: 'ingest', needs: ['b'] },
            { name: 'b', uses: 'features', needs: ['a'] },
          ],
        }),
    ],
  ])('with %s is refused by its line', async (_what, spoil) => {
    const project = structuredClone(SHOP_PROJECT) as Record<string, Record<string, Record<string, unknown>>>;
    spoil(project);
    const answer = await apply(JSON.stringify(project, undefined, 2), SHOP);

    expect([400, 422], answer.text).toContain(answer.status);
    expect(answer.text).toMatch(/gyre\.yaml:\d+ /);
  });

  test('of 50 MB is refused by its size', async () => {
    const answer = await apply(`# ${'x'.repeat(LONG)}`);

    expect([answer.status, answer.code]).toEqual([413, 'http/body-too-large']);
  });
});

function laughs(): string {
  const names = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  return names.map((name, index) => `${name}: &${name} [${`*${['a', ...names][index] ?? 'a'},`.repeat(9)}]`).join('\n');
}
