import { createReadStream, readdirSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PAGE_HEADERS } from './answer.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** First segments of paths that belong to protocols: a screen never has them. */
export const RESERVED_SEGMENTS: readonly string[] = [
  'ajax-api',
  'api',
  'assets',
  'get-artifact',
  'graphql',
  'health',
  'invocations',
  'metrics',
  'mlflow-artifacts',
  'model-versions',
  'ping',
  'serving',
  'v1',
  'v2',
  'version',
];

interface StaticFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Serves the built screens. */
export interface StaticFiles {
  /** Answers a GET or HEAD for a file or a screen, and tells whether it did. */
  serve(request: IncomingMessage, response: ServerResponse): boolean;
}

/**
 * Serves a folder that is listed once, at the start: a path from outside is only ever compared with that list, never opened.
 * Files with a hash in their name (below `assets/`) are immutable; `index.html` answers every path that could be a screen.
 */
export function createStaticFiles(folder: string | undefined): StaticFiles {
  const files = folder === undefined ? new Map<string, StaticFile>() : listFiles(folder);
  return {
    serve: (request, response) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return false;
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
      const file = files.get(path) ?? (isScreen(path) ? files.get('/index.html') : undefined);
      if (file === undefined) return false;
      send(file, request, response);
      return true;
    },
  };
}

function isScreen(path: string): boolean {
  const segment = path.split('/', 2)[1] ?? '';
  return !RESERVED_SEGMENTS.includes(segment) && !/\.[a-z0-9]{1,8}$/i.test(path);
}

function send(file: StaticFile, request: IncomingMessage, response: ServerResponse): void {
  if (request.headers['if-none-match'] === file.headers['etag']) {
    response.writeHead(304, file.headers).end();
    return;
  }
  response.writeHead(200, { ...file.headers, 'content-length': String(file.sizeBytes) });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  pipeline(createReadStream(file.path), response).catch(() => {
    response.destroy();
  });
}

function listFiles(folder: string): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, path).split(sep).join('/')}`, describe(path, folder));
  }
  return files;
}

function describe(path: string, folder: string): StaticFile {
  const { size, mtimeMs } = statSync(path);
  const isHashed = relative(folder, path).startsWith(`assets${sep}`);
  return {
    path,
    sizeBytes: size,
    headers: {
      ...PAGE_HEADERS,
      'content-type': TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
      'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`,
    },
  };
}
