/** Every JSON route meets values made from its own schema: valid ones, nearly valid ones and hostile ones (governance of bad input). */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Compile } from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnyRouteContract, ProblemSchema } from '#platform/http/api';
import { exportedRoutes } from '../scripts/generate-client.ts';
import { HOSTILE_TEXTS, nearValues, validValues } from './fixtures/schema-values.ts';
import { startTestServer, type TestServer } from './fixtures/server.ts';

const RUNS = 100;
const SEED = 20_011;
const LONGEST_MS = 2000;
const PROJECT = 'fuzz';

const contracts = (await exportedRoutes()).map(({ contract }) => contract).filter(({ answerKind }) => answerKind !== 'events');
const isProblem = Compile(ProblemSchema);

let server: TestServer;
/** Texts that the server answered with: ids and names that lead deeper than made-up ones. */
const seen = new Set<string>([PROJECT]);

interface Shot {
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
}

/** Path parameters, query and body of one request: each valid, nearly valid or hostile. */
function shots(contract: AnyRouteContract): fc.Arbitrary<Shot> {
  const known = [...seen].slice(-30);
  const names = [...contract.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  const parameter = (name: string) =>
    fc.oneof(
      { weight: 6, arbitrary: name === 'project' ? fc.constant(PROJECT) : fc.constantFrom(...known, '1', '2', 'x') },
      { weight: 2, arbitrary: fc.constantFrom(...HOSTILE_TEXTS.filter((text) => text !== '' && text.isWellFormed())) },
    );
  return fc
    .record({
      params: fc.record(Object.fromEntries(names.map((name) => [name, parameter(name)]))),
      query: fc.oneof(
        { weight: 3, arbitrary: validValues(contract.query, known) },
        { weight: 1, arbitrary: nearValues(contract.query, known) },
      ),
      body: fc.oneof(
        { weight: 1, arbitrary: validValues(contract.body, known) },
        { weight: 1, arbitrary: nearValues(contract.body, known) },
      ),
    })
    .map(({ params, query, body }) => ({
      path: contract.path.replace(/:(\w+)/g, (_, name: string) =>
        encodeURIComponent(String((params as Record<string, string>)[name])),
      ),
      query: new URLSearchParams(
        Object.entries(typeof query === 'object' && query !== null ? query : {}).map(([key, value]) => [
          key,
          String(value).toWellFormed(),
        ]),
      ).toString(),
      body,
    }));
}

async function fire(contract: AnyRouteContract, shot: Shot): Promise<Response> {
  const carriesBody = contract.bodyKind !== 'none';
  return await fetch(`${server.url}${shot.path}${shot.query === '' ? '' : `?${shot.query}`}`, {
    method: contract.method,
    signal: AbortSignal.timeout(30_000),
    headers: carriesBody
      ? { 'content-type': contract.bodyKind === 'json' ? 'application/json' : 'application/octet-stream' }
      : {},
    ...(carriesBody ? { body: JSON.stringify(shot.body) ?? '' } : {}),
  });
}

async function judge(contract: AnyRouteContract, shot: Shot): Promise<void> {
  const startedAt = performance.now();
  const response = await fire(contract, shot);
  const text = await response.text();
  const durationMs = performance.now() - startedAt;
  const said = `${contract.method} ${shot.path} -> ${String(response.status)} ${text.slice(0, 600)}`;

  expect(response.status, said).toBeLessThan(500);
  expect(durationMs, said).toBeLessThan(LONGEST_MS);
  expect(text, said).not.toMatch(/\n\s+at .+\.ts:\d+/);
  if (response.ok) {
    harvest(text);
    return;
  }
  expect(response.headers.get('content-type'), said).toBe('application/problem+json');
  expect(isProblem.Check(JSON.parse(text)), said).toBe(true);
}

function harvest(text: string): void {
  for (const match of text.matchAll(/"(?:id|name|digest|turn|run)":"([^"]{1,80})"/g)) {
    if (seen.size < 400) seen.add(match[1] ?? '');
  }
}

beforeAll(async () => {
  server = await startTestServer();
  const text = readFileSync(new URL('./fixtures/everything.gyre.yaml', import.meta.url), 'utf8');
  await server.client.projects.apply({ project: PROJECT, body: { text } });
  for (const match of text.matchAll(/^ {2}([a-z-]+):/gm)) seen.add(match[1] ?? '');
});

afterAll(async () => {
  await server.close();
});

describe('every route', () => {
  test('of the contracts is composed, and of the composed ones has a contract', () => {
    expect(server.routes.map(({ contract }) => contract.id).sort()).toEqual(
      [...contracts.map(({ id }) => id), 'server.events'].sort(),
    );
  });

  test.each(contracts.map((contract) => [contract.id, contract] as const))('%s answers whatever comes', async (_id, contract) => {
    await fc.assert(
      fc.asyncProperty(shots(contract), async (shot) => {
        await judge(contract, shot);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  });

  test('takes or refuses whole project files made from their own schema', async () => {
    const schema = await server.client.projects.getSchema();
    const documents = fc.oneof(validValues(schema), nearValues(schema)).map((document) => JSON.stringify(document) ?? '');
    await fc.assert(
      fc.asyncProperty(documents, async (text) => {
        const response = await fetch(`${server.url}/api/v1/projects/fuzz-two`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ text }),
        });
        const said = `${text} -> ${String(response.status)} ${await response.text()}`;

        expect(response.status, said).toBeLessThan(500);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  });

  test('left the server alive and well', async () => {
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});
