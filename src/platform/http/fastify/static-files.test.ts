import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aHost, rawCall } from './http-host.fixtures.ts';

describe('the built screens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gyre-static-'));
  let app: Awaited<ReturnType<typeof aHost>>;
  beforeAll(async () => {
    mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'web', 'index.html'), '<!doctype html><p>screen</p>');
    writeFileSync(join(folder, 'web', 'assets', 'app-1a2b.js'), 'export {};');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    app = await aHost({ staticFolder: join(folder, 'web') });
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  test.each(['/', '/inbox', '/p/churn/turns/3', '/p/churn?tab=x'])(
    'answer %s with the page, under a strict policy',
    async (path) => {
      const { status, text, headers } = await rawCall(`${app.url}${path}`);

      expect([status, text]).toEqual([200, '<!doctype html><p>screen</p>']);
      expect(headers['content-security-policy']).toContain("script-src 'self'");
      expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['cache-control']).toBe('no-cache');
    },
  );

  test('give hashed files for ever, and say when nothing changed', async () => {
    const first = await rawCall(`${app.url}/assets/app-1a2b.js`);
    const again = await rawCall(`${app.url}/`, {
      headers: { 'if-none-match': String((await rawCall(`${app.url}/`)).headers['etag']) },
    });

    expect(first.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(first.headers['cache-control']).toContain('immutable');
    expect([again.status, again.text]).toEqual([304, '']);
  });

  test('leave the paths of protocols and missing files alone', async () => {
    for (const path of ['/api/v1/nothing', '/v2/models', '/api/2.0/mlflow/x', '/assets/gone.js', '/favicon.ico', '/metrics']) {
      expect([path, (await rawCall(`${app.url}${path}`)).status]).toEqual([path, 404]);
    }
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/..\\secret.txt',
    '//etc/passwd',
  ])('never lead out of their folder: %s', async (path) => {
    const { text } = await rawCall(app.url, {}).then(async () => await rawCallPath(app.url, path));

    expect(text).not.toContain('secret\n');
    expect(text).not.toBe('secret');
    expect(text).not.toContain('root:');
  });
});

/** Sends a path as it stands: URL parsing would clean it. */
async function rawCallPath(url: string, path: string): Promise<{ readonly text: string }> {
  const { connect } = await import('node:net');
  return await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    let text = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
    });
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.on('end', () => resolve({ text: text.slice(text.indexOf('\r\n\r\n') + 4) }));
    socket.on('error', reject);
  });
}
