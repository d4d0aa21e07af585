import { type CommandContext, ExitCode } from '#platform/cli';
import { createApiCall, findRunning } from '#platform/cli/remote';
import { serverRoute } from '#platform/server/api';

const TIMEOUT_MS = 10_000;

/** Tells whether a server runs for the data folder, and what it says of itself. */
export async function runStatus({ flags, io, json, signal, dataFolder }: CommandContext): Promise<number> {
  const named = flags['server'] ?? process.env['GYRE_SERVER'];
  const url = typeof named === 'string' ? named.replace(/\/+$/, '') : await findRunning(dataFolder);
  if (url === undefined) {
    if (json) io.answer(JSON.stringify({ running: false, dataFolder }));
    else io.answer(`○ no server runs for ${dataFolder}\n  try: gyre up`);
    return ExitCode.unavailable;
  }
  const server = await createApiCall({ serverUrl: url, signal, timeoutMs: TIMEOUT_MS })(serverRoute);
  if (json) {
    io.answer(JSON.stringify({ running: true, url, dataFolder, ...server }));
    return ExitCode.done;
  }
  io.answer(`● ${server.status}  ${url}`);
  io.table(
    ['fact', 'value'],
    [
      ['version', server.version],
      ['started', server.startedAt],
      ['data', dataFolder],
      ['node', `${server.nodeVersion} on ${server.platform}`],
      ['native inference', server.features.onnxruntime ? 'onnxruntime' : 'not installed; the built-in evaluator serves'],
    ],
  );
  return ExitCode.done;
}
