import { formatTime, GyreError, type JsonObject } from '#kernel';
import type { EventLog } from '#platform/events';
import { type BoundRoute, bindRoute } from '#platform/http';
import type { AnyRouteContract } from '#platform/http/api';
import type { SqlDatabase } from '#platform/sql';
import { eventsRoute, healthRoute, openApiRoute, type ServerInfo, serverRoute, serverRoutes } from './api.ts';
import { streamEvents } from './event-stream.ts';
import { describeRoutes } from './openapi.ts';

/** What the routes of the server itself need. */
export interface ServerRoutesOptions {
  readonly version: string;
  readonly startedAtMs: number;
  readonly nodeVersion: string;
  readonly platform: string;
  readonly features: ServerInfo['features'];
  readonly database: SqlDatabase;
  readonly events: EventLog;
  /** Contracts of all other routes, for the description. */
  readonly contracts: () => readonly AnyRouteContract[];
  /** Whether the server is about to stop. */
  readonly isDraining: () => boolean;
  /** Gives the id of a project by its name or id; throws when there is none. */
  readonly projectId: (nameOrId: string) => Promise<string>;
}

/**
 * Binds the routes of the server itself: `/health`, `/api/v1/server`, `/api/openapi.json` and the event stream.
 *
 * @param options - Facts and ports.
 * @returns The routes.
 */
export function createServerRoutes(options: ServerRoutesOptions): readonly BoundRoute[] {
  const status = (): 'ready' | 'draining' => (options.isDraining() ? 'draining' : 'ready');
  let description: JsonObject | undefined;
  return [
    bindRoute(healthRoute, async () => {
      requireReady(options.isDraining());
      return { body: { status: status(), version: options.version } };
    }),
    bindRoute(serverRoute, async () => ({ body: infoOf(options, status()) })),
    bindRoute(openApiRoute, async () => {
      description ??= describeRoutes([...serverRoutes, ...options.contracts()], options.version);
      return { body: description as { openapi: string; info: object; paths: object } };
    }),
    bindRoute(eventsRoute, async ({ query, headers, signal }) => {
      const projectId = query.project === undefined ? undefined : await options.projectId(query.project);
      const topics = (query.topics ?? '').split(',').filter((topic) => topic !== '');
      const stream = streamEvents(options, { topics, projectId, lastEventId: headers['last-event-id'], signal });
      // The first read of the stream checks the position, while a problem can still be answered.
      const first = await stream.next();
      return {
        body: { entity: '', id: '', version: 0, topic: '' },
        stream: prepend(first.done === true ? '' : first.value, stream),
      };
    }),
  ];
}

function infoOf(options: ServerRoutesOptions, status: ServerInfo['status']): ServerInfo {
  const { version, nodeVersion, platform, features } = options;
  return { version, status, startedAt: formatTime(options.startedAtMs), nodeVersion, platform, mode: 'local', features };
}

function requireReady(isDraining: boolean): void {
  if (!isDraining) return;
  throw new GyreError({
    kind: 'unavailable',
    code: 'server/draining',
    message: 'the server is about to stop; send nothing more',
  });
}

async function* prepend(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}
