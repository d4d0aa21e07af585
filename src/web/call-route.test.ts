import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { defineRoute, ProjectParams } from '#platform/http/api';
import { callRoute, routeUrl } from './call-route.ts';
import { RouteProblem } from './route-problem.ts';

const route = defineRoute({
  id: 'notes.add',
  method: 'POST',
  path: '/api/v1/projects/:project/notes',
  summary: 'Adds a note.',
  params: ProjectParams,
  body: Type.Object({ title: Type.String() }),
  answer: Type.Object({ count: Type.Integer() }),
  authorize: { right: 'notes:write', scope: 'project' },
  idempotency: 'key',
});

const input = { params: { project: 'a b/c' }, body: { title: 'x' } };

async function problemFrom(fetch: typeof globalThis.fetch): Promise<unknown> {
  return await callRoute(route, input, { fetch }).catch((error: unknown) => error);
}

describe('a call by contract', () => {
  it('sends names in the path encoded, the body as JSON, and a fresh idempotency key', async () => {
    const sent: { readonly url: string; readonly init: RequestInit | undefined }[] = [];
    const fetch: typeof globalThis.fetch = async (url, init) => {
      sent.push({ url: typeof url === 'string' ? url : 'not a text', init });
      return Response.json({ count: 3 });
    };

    expect(await callRoute(route, input, { fetch })).toEqual({ count: 3 });
    await callRoute(route, input, { fetch });
    const keys = sent.map(({ init }) => new Headers(init?.headers).get('idempotency-key'));
    expect(sent[0]?.url).toBe('/api/v1/projects/a%20b%2Fc/notes');
    expect(sent[0]?.init?.body).toBe('{"title":"x"}');
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).not.toBe(keys[0]);
  });

  it('leaves members of the query out that are not set', () => {
    expect(routeUrl('/a', {}, { limit: 5, cursor: undefined })).toBe('/a?limit=5');
  });

  it('throws what the server says: code, request id and whether to try again', async () => {
    const body = { status: 409, code: 'notes/taken', detail: 'there is one already', requestId: 'r-1', retryable: true };
    const problem = await problemFrom(async () => Response.json(body, { status: 409 }));

    expect(problem).toBeInstanceOf(RouteProblem);
    expect(problem).toMatchObject({
      status: 409,
      code: 'notes/taken',
      message: 'there is one already',
      requestId: 'r-1',
      isRetryable: true,
    });
  });

  it('throws a problem of its own for an answer that says nothing, and for none at all', async () => {
    const silent = await problemFrom(async () => new Response('<html>', { status: 502 }));
    const dead = await problemFrom(async () => {
      throw new TypeError('fetch failed');
    });

    expect(silent).toMatchObject({ status: 502, code: 'web/bad-answer', isRetryable: true });
    expect(dead).toMatchObject({ status: 0, code: 'web/unreachable', isRetryable: true });
  });
});
