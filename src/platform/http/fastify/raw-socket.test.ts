import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aHost } from './http-host.fixtures.ts';

describe('a socket that speaks badly', () => {
  let app: Awaited<ReturnType<typeof aHost>>;
  beforeAll(async () => {
    app = await aHost();
  });
  afterAll(async () => {
    await app.close();
  });

  /** Sends bytes and gives everything that came back until the server closed, or fell silent. */
  const speak = async (text: string): Promise<string> =>
    await new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => socket.write(text));
      socket.setTimeout(400, () => socket.destroy());
      socket.on('data', (data) => {
        answer += data.toString();
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });

  const post = (headers: readonly string[], body: string): string =>
    `POST /api/v1/projects/churn/notes HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${headers.join('\r\n')}\r\n\r\n${body}`;

  const statuses = (answer: string): readonly string[] =>
    [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1] ?? '');

  test.each([
    ['two lengths', ['content-length: 13', 'content-length: 4'], '{"title":"a"}'],
    ['a length and chunks', ['content-length: 4', 'transfer-encoding: chunked'], '0\r\n\r\n'],
    ['a folded header', ['x-a: 1\r\n 2', 'content-length: 13'], '{"title":"a"}'],
    ['a length below zero', ['content-length: -1'], ''],
    ['a chunk of no size', ['transfer-encoding: chunked'], 'zz\r\n\r\n'],
    ['a space before the colon', ['x-a : 1', 'content-length: 13'], '{"title":"a"}'],
  ])('is refused for %s, once', async (_what, headers, body) => {
    expect(statuses(await speak(post(headers, body)))).toEqual(['400']);
    expect(app.counter.count).toBe(0);
  });

  test('may send its requests without waiting, and is answered in order', async () => {
    const one = 'GET /api/v1/projects/a/notes HTTP/1.1\r\nhost: localhost\r\n\r\n';
    const answer = await speak(`${one}${one.replace('/a/', '/b/')}${one.replace('/a/', '/c/')}`);

    expect(statuses(answer)).toEqual(['200', '200', '200']);
    expect([...answer.matchAll(/"project":"(\w)"/g)].map((match) => match[1])).toEqual(['a', 'b', 'c']);
  });

  test('is refused for a thousand query parameters', async () => {
    const query = Array.from({ length: 1000 }, (_, i) => `p${String(i)}=1`).join('&');

    expect(statuses(await speak(`GET /api/v1/projects/a/notes?${query} HTTP/1.1\r\nhost: localhost\r\n\r\n`))).toEqual(['400']);
  });

  test('is refused without a host, and answered in HTTP/1.0 with one', async () => {
    expect(statuses(await speak('GET / HTTP/1.1\r\n\r\n'))).toEqual(['400']);
    expect(statuses(await speak('GET /api/v1/projects/a/notes HTTP/1.0\r\n\r\n'))).toEqual(['403']);
    expect(statuses(await speak('GET /api/v1/projects/a/notes HTTP/1.0\r\nhost: localhost\r\n\r\n'))).toEqual(['200']);
  });

  test('may go away in the middle of its body', async () => {
    await speak(post(['content-length: 100'], '{"title"'));

    expect(app.counter.count).toBe(0);
    expect(app.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect((await fetch(`${app.url}/api/v1/projects/a/notes`)).status).toBe(200);
  });
});
