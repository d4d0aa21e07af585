import type { Check } from './check.ts';

/**
 * Makes the check that the running server answers and has the version of this program.
 *
 * @param url - Its base URL; undefined when none runs.
 * @param version - Version of this program.
 * @returns The check.
 */
export function serverCheck(url: string | undefined, version: string): Check {
  return {
    name: 'server',
    look: async () => {
      if (url === undefined) return { state: 'sound', detail: 'none runs for this folder' };
      const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(3000) });
      await response.body?.cancel();
      const theirs = response.headers.get('gyre-version') ?? 'unknown';
      if (!response.ok)
        return { state: 'attention', detail: `${url} is not ready (${String(response.status)})`, fix: 'wait, or start it again' };
      if (theirs !== version) {
        return {
          state: 'attention',
          detail: `${url} has version ${theirs}, this program ${version}`,
          fix: 'stop it and start it again with: gyre up',
        };
      }
      return { state: 'sound', detail: `${url} is ready, version ${theirs}` };
    },
  };
}
