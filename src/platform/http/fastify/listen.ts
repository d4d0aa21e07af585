import type { Server } from 'node:http';
import { GyreError } from '#kernel';

/** Binds a server and gives its base URL. */
export async function listenOn(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    throw cannotListen(error, host, port);
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${String(bound)}`;
}

function cannotListen(cause: unknown, host: string, port: number): unknown {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  if (code === 'EADDRINUSE') {
    return new GyreError({
      kind: 'conflict',
      code: 'http/port-taken',
      message: `port ${String(port)} on ${host} is taken by another program`,
      help: 'stop that program, or choose another port: --port N (0 takes a free one)',
      cause,
    });
  }
  if (code === 'ERR_SOCKET_BAD_PORT') {
    return new GyreError({
      kind: 'invalid',
      code: 'http/cannot-listen',
      message: `there is no port ${String(port)}; a port is a whole number from 0 to 65535`,
      help: 'choose one with --port N (0 takes a free one)',
      cause,
    });
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new GyreError({
      kind: 'invalid',
      code: 'http/cannot-listen',
      message: `cannot listen on ${host}, port ${String(port)} (${code})`,
      help:
        code === 'EACCES'
          ? 'ports below 1024 need rights of the system; choose another with --port N'
          : 'choose an address of this machine with --host',
      cause,
    });
  }
  return cause;
}
