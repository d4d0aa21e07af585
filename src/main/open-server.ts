import type { ApiCall } from '#platform/cli';
import { createApiCall, findServer } from '#platform/cli/remote';

/** Finds the server of a command, or starts one on the store for as long as the command runs. */
export async function openServer(
  search: {
    readonly named: string | undefined;
    readonly dataFolder: string;
    readonly mayCreate: boolean;
    readonly timeoutMs: number;
  },
  signal: AbortSignal,
): Promise<{ readonly url: string; readonly call: ApiCall; close(): Promise<void> }> {
  const server = await findServer({
    ...search,
    startTemporary: async (dataFolder) => {
      const { startServer } = await import('./server.ts');
      return await startServer({ dataFolder, host: '127.0.0.1', port: 0, logLevel: 'warn' });
    },
  });
  return { ...server, call: createApiCall({ serverUrl: server.url, signal, timeoutMs: search.timeoutMs }) };
}
