import { GyreProblem } from './gyre-problem.ts';
import type { RouteEntry } from './route-calls.ts';
import { type Endpoint, pause, send } from './send.ts';

const RETRY_MS = 1000;

/** What to follow. */
export interface EventsRequest {
  /** Topics or slices, such as `loops` or `data.version-created`; default all. */
  readonly topics?: readonly string[];
  /** Name or id of a project; default all. */
  readonly project?: string;
  /** Position to go on from: that of the last event seen. Default: only what happens from now on. */
  readonly since?: number;
  readonly signal?: AbortSignal;
}

/** One change that happened, or the news that too much was missed. */
export type ClientEvent =
  | {
      readonly type: 'change';
      readonly position: number;
      readonly entity: string;
      readonly id: string;
      readonly version: number;
      readonly topic: string;
      readonly projectId?: string;
    }
  /** The stream has begun at this position. */
  | { readonly type: 'ready'; readonly position: number }
  /** More was missed than the server keeps for streams: read again whatever is shown. */
  | { readonly type: 'reset'; readonly position: number };

/** Follows the events of a server for as long as the loop over it runs; comes back by itself when the connection breaks. */
export async function* readEvents(endpoint: Endpoint, route: RouteEntry, request: EventsRequest): AsyncGenerator<ClientEvent> {
  let position = request.since;
  while (!isStopped(request)) {
    try {
      for await (const event of readOnce(endpoint, route, request, position)) {
        position = event.position;
        yield event;
      }
    } catch (error) {
      throwIfLasting(error, request);
    }
    await pause(RETRY_MS, request.signal);
  }
}

function isStopped(request: EventsRequest): boolean {
  return request.signal?.aborted === true;
}

/** A refusal stays one; a broken connection does not. */
function throwIfLasting(error: unknown, request: EventsRequest): void {
  const isRefusal = error instanceof GyreProblem && error.status >= 400 && !error.isRetryable;
  if (isRefusal && !isStopped(request)) throw error;
}

async function* readOnce(
  endpoint: Endpoint,
  route: RouteEntry,
  request: EventsRequest,
  position: number | undefined,
): AsyncGenerator<ClientEvent> {
  const input = { topics: request.topics?.join(','), project: request.project };
  const resuming: Endpoint = {
    ...endpoint,
    fetch: async (url, init) =>
      await endpoint.fetch(url, {
        ...init,
        headers: {
          ...(init?.headers as Record<string, string>),
          ...(position === undefined ? {} : { 'last-event-id': String(position) }),
        },
      }),
  };
  const options = { timeoutMs: 2 ** 31 - 1, ...(request.signal === undefined ? {} : { signal: request.signal }) };
  const response = await send(resuming, route, input, options);
  if (response.body === null) return;
  yield* parseEvents(response.body);
}

/** Parses the text form of server-sent events (WHATWG HTML §9.2.6), as far as Gyre uses it. */
export async function* parseEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ClientEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const blocks = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = eventOf(block);
      if (event !== undefined) yield event;
    }
  }
}

function eventOf(block: string): ClientEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
  }
  const position = Number(fields.get('id'));
  const type = fields.get('event');
  if (type === 'ready' || type === 'reset') return { type, position };
  if (type !== 'change') return undefined;
  // The server writes the data by the schema of its route.
  return {
    type,
    position,
    ...(JSON.parse(fields.get('data') ?? '{}') as Omit<Extract<ClientEvent, { type: 'change' }>, 'type' | 'position'>),
  };
}
