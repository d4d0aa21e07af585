import { GyreError } from '#kernel';
import type { Authenticator, Authorizer } from '#platform/http';
import { decideAccess, LOCAL_OWNER, type Principal } from './principal.ts';

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3}|localhost)$/i;

/**
 * Tells whether an address or host name is this machine's own.
 *
 * @param address - An IP address or `localhost`, without port and brackets.
 * @returns Whether only programs on this machine can reach it.
 * @example
 * ```ts
 * isLoopback('0.0.0.0'); // => false
 * ```
 */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

/**
 * Makes the authenticator of local mode: whoever calls from this machine is the local owner.
 *
 * @returns The authenticator.
 * @throws {@link GyreError} `access/not-local` (from the authenticator) when the call comes from another machine.
 * @example
 * ```ts
 * typeof localAuthenticator(); // => 'function'
 * ```
 */
export function localAuthenticator(): Authenticator {
  return async ({ remoteAddress }) => {
    if (remoteAddress === undefined || !isLoopback(remoteAddress)) {
      throw new GyreError({
        kind: 'unauthenticated',
        code: 'access/not-local',
        message: `this server runs in local mode and answers only programs on its own machine; the call came from ${remoteAddress ?? 'nowhere'}`,
      });
    }
    return { principal: LOCAL_OWNER.id, displayName: LOCAL_OWNER.displayName };
  };
}

/**
 * Makes the authorizer: the one function that decides, whatever the call came through.
 *
 * @param find - Gives the principal of an id, or undefined.
 * @returns The authorizer; default is deny.
 * @example
 * ```ts
 * typeof createAuthorizer(() => undefined); // => 'function'
 * ```
 */
export function createAuthorizer(find: (principalId: string) => Principal | undefined): Authorizer {
  return async ({ caller, right, project }) => decideAccess(find(caller.principal), right, project);
}

/**
 * Makes the authorizer of local mode, which knows the local owner and nobody else.
 *
 * @returns The authorizer.
 * @example
 * ```ts
 * typeof localAuthorizer(); // => 'function'
 * ```
 */
export function localAuthorizer(): Authorizer {
  return createAuthorizer((id) => (id === LOCAL_OWNER.id ? LOCAL_OWNER : undefined));
}

/**
 * Refuses to listen where others could call, as long as nobody can sign in.
 *
 * @param host - The address that the operator asked for.
 * @throws {@link GyreError} `access/needs-sign-in` when it is not a loopback address.
 * @example
 * ```ts
 * requireLoopback('127.0.0.1'); // => undefined
 * ```
 */
export function requireLoopback(host: string): void {
  if (isLoopback(host)) return;
  throw new GyreError({
    kind: 'invalid',
    code: 'access/needs-sign-in',
    message: `--host ${host} would let other machines in, and this version has no sign-in; only 127.0.0.1, ::1 and localhost are possible`,
    help: 'reach it from elsewhere through an SSH tunnel (ssh -L 4973:127.0.0.1:4973 HOST) or a proxy that signs people in',
  });
}
