import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef } from 'react';
import type { Static, TSchema } from 'typebox';
import type { RouteContract } from '#platform/http/api';
import type { LiveEvent } from '#platform/server/api';
import { callRoute, type RouteInput } from './call-route.ts';
import type { LiveFeed } from './live-feed.ts';
import { RouteProblem } from './route-problem.ts';

/** At most four reads a second for one widget. */
const LEAST_PAUSE_MS = 250;

/** Hands the feed of changes down to every screen. */
export const LiveFeedContext = createContext<LiveFeed | undefined>(undefined);

/** What a read of a route has come to. */
export type RouteAnswer<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: RouteProblem; readonly retry: () => void }
  /** `problem` is there when a later read failed: what is shown may be out of date. */
  | { readonly state: 'ready'; readonly data: T; readonly problem: RouteProblem | undefined; readonly retry: () => void };

/** Settings of a read. */
export interface UseRouteOptions {
  /** Tells which changes make the answer out of date; default none. */
  readonly isTouchedBy?: (event: LiveEvent) => boolean;
}

/**
 * Reads a route by its contract, keeps the answer and reads it again when a change touches it.
 *
 * @param contract - The route, from the slice's `api.ts`.
 * @param input - Names in the path and the query.
 * @param options - Which changes matter.
 * @returns What the read has come to.
 */
export function useRoute<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  contract: RouteContract<P, Q, B, A>,
  input: Omit<RouteInput<P, Q, B>, 'body'>,
  options: UseRouteOptions = {},
): RouteAnswer<Static<A>> {
  const queryKey = [contract.id, input];
  const query = useQuery<Static<A>>({
    queryKey,
    queryFn: async ({ signal }) => await callRoute(contract, input, { signal }),
    placeholderData: keepPreviousData,
  });
  useLiveReads(JSON.stringify(queryKey), queryKey, options.isTouchedBy);
  const retry = (): void => {
    void query.refetch();
  };
  const problem = query.error === null ? undefined : asProblem(query.error);
  if (query.data !== undefined && !(query.isPlaceholderData && problem !== undefined)) {
    return { state: 'ready', data: query.data, problem, retry };
  }
  return problem === undefined ? { state: 'loading' } : { state: 'failed', problem, retry };
}

/** Reads again after changes: the first at once, further ones together after a pause, none while the tab is hidden. */
function useLiveReads(key: string, queryKey: readonly unknown[], isTouchedBy: UseRouteOptions['isTouchedBy']): void {
  const feed = useContext(LiveFeedContext);
  const client = useQueryClient();
  const touched = useRef(isTouchedBy);
  touched.current = isTouchedBy;
  // The key is a new array at each call; its text says whether it is another one.
  const latestKey = useRef(queryKey);
  latestKey.current = queryKey;
  useEffect(() => {
    if (feed === undefined || key === '') return undefined;
    const reads = createThrottle(() => {
      void client.invalidateQueries({ queryKey: latestKey.current });
    });
    const stop = feed.listen((news) => {
      if (news === 'reset' || touched.current?.(news) === true) reads.ask();
    });
    document.addEventListener('visibilitychange', reads.wake);
    return () => {
      stop();
      reads.stop();
      document.removeEventListener('visibilitychange', reads.wake);
    };
  }, [feed, client, key]);
}

function createThrottle(work: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  const run = (): void => {
    timer = undefined;
    if (!isDue || document.hidden) return;
    isDue = false;
    work();
    timer = setTimeout(run, LEAST_PAUSE_MS);
  };
  return {
    ask: (): void => {
      isDue = true;
      if (timer === undefined) run();
    },
    wake: (): void => {
      if (timer === undefined) run();
    },
    stop: (): void => {
      clearTimeout(timer);
    },
  };
}

/** What a change by a person has come to. */
export interface RouteChange<I, T> {
  /** Makes the change; the promise never rejects, its problem is in `problem`. */
  readonly send: (input: I, onDone: (answer: T) => void) => void;
  readonly isSending: boolean;
  readonly problem: RouteProblem | undefined;
  /** Forgets the problem of an earlier try. */
  readonly forget: () => void;
}

/**
 * Prepares a change through a route; afterwards everything that is shown is read again.
 *
 * @param contract - The route, from the slice's `api.ts`.
 * @returns How to send it, and what it has come to.
 */
export function useRouteChange<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  contract: RouteContract<P, Q, B, A>,
): RouteChange<RouteInput<P, Q, B>, Static<A>> {
  const client = useQueryClient();
  const mutation = useMutation<Static<A>, Error, RouteInput<P, Q, B>>({
    mutationFn: async (input) => await callRoute(contract, input),
    onSuccess: () => {
      void client.invalidateQueries();
    },
  });
  return {
    send: (input, onDone) => {
      mutation.mutate(input, { onSuccess: onDone });
    },
    isSending: mutation.isPending,
    problem: mutation.error === null ? undefined : asProblem(mutation.error),
    forget: mutation.reset,
  };
}

function asProblem(error: Error): RouteProblem {
  if (error instanceof RouteProblem) return error;
  return new RouteProblem({ status: 0, code: 'web/bad-answer', detail: error.message });
}
