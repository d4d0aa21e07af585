import type { IncomingMessage } from 'node:http';
import { GyreError } from '#kernel';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** How many spellings of Host are remembered. */
const REMEMBERED_HOSTS = 64;

/** Checks that hold before any router: they guard the data plane and the control plane alike. */
export interface FrontDoor {
  /** Throws `http/host-not-allowed` or `http/cross-site`. */
  check(request: IncomingMessage): void;
}

/**
 * Makes the checks against DNS rebinding and cross-site requests.
 *
 * Hosts are compared without port, in lower case, without a trailing dot; IPv6 literals with their brackets.
 */
export function createFrontDoor(allowedHosts: readonly string[]): FrontDoor {
  const allowed = new Set(allowedHosts.map((host) => normalizeHost(host)));
  // Nearly every request spells Host alike: remembering spellings keeps the check off the inference path.
  const passed = new Set<string>();
  return {
    check: (request) => {
      const host = request.headers.host ?? '';
      if (!passed.has(host)) {
        requireHost(host, allowed);
        if (passed.size < REMEMBERED_HOSTS) passed.add(host);
      }
      requireSameSite(request, host);
    },
  };
}

/** Gives the host of a Host header as it is compared: no port, lower case, no trailing dot. */
export function normalizeHost(header: string): string {
  const withoutPort = header.startsWith('[') ? header.replace(/\]:\d+$/, ']') : header.replace(/:\d*$/, '');
  return withoutPort.toLowerCase().replace(/\.$/, '');
}

function requireHost(header: string, allowed: ReadonlySet<string>): void {
  const host = normalizeHost(header);
  if (allowed.has(host)) return;
  const got = host === '' ? 'no Host header' : `Host "${header.slice(0, 120)}"`;
  throw new GyreError({
    kind: 'forbidden',
    code: 'http/host-not-allowed',
    message: `${got} is not one this server answers for (${[...allowed].join(', ')})`,
    help: `if it is yours, start the server with --allow-host ${host === '' ? 'NAME' : host.slice(0, 120)}`,
  });
}

/** Refuses what a page of another site makes a browser send; programs that are no browser send neither header. */
function requireSameSite(request: IncomingMessage, host: string): void {
  const site = request.headers['sec-fetch-site'];
  const isSafe = SAFE_METHODS.has(request.method ?? '');
  if (isSafe && (site === undefined || request.headers['sec-fetch-mode'] === 'navigate')) return;
  if (site === 'same-origin' || site === 'none') return;
  const { origin } = request.headers;
  if (site === undefined && (origin === undefined || isOwnOrigin(origin, host))) return;
  throw new GyreError({
    kind: 'forbidden',
    code: 'http/cross-site',
    message: `a page of ${origin === undefined ? 'another site' : `"${origin.slice(0, 120)}"`} asked for this; only pages of this server may`,
    help: 'call the API from a program, or open the screens of this server',
  });
}

function isOwnOrigin(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host.toLowerCase()}` || origin.toLowerCase() === `https://${host.toLowerCase()}`;
}
