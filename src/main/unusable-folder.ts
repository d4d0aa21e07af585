import { type ErrorKind, GyreError } from '#kernel';

/** What the operating system says when a folder cannot hold a store, and what helps. */
const CAUSES: Readonly<Record<string, { readonly kind: ErrorKind; readonly what: string; readonly help: string }>> = {
  ENOTDIR: { kind: 'invalid', what: 'a part of the path is no folder', help: 'choose another place with --data DIR' },
  EEXIST: { kind: 'invalid', what: 'there is a file of that name', help: 'choose another place with --data DIR' },
  EACCES: {
    kind: 'forbidden',
    what: 'this user may not write there',
    help: 'give yourself the right, or choose another place with --data DIR',
  },
  EPERM: {
    kind: 'forbidden',
    what: 'this user may not write there',
    help: 'give yourself the right, or choose another place with --data DIR',
  },
  ENOENT: { kind: 'invalid', what: 'no folder can be made there', help: 'choose another place with --data DIR' },
  EROFS: { kind: 'invalid', what: 'the disk is read-only', help: 'choose another place with --data DIR' },
  ENOSPC: { kind: 'unavailable', what: 'the disk is full', help: 'free some space, or choose another disk with --data DIR' },
  EDQUOT: {
    kind: 'unavailable',
    what: 'the quota of this user is used up',
    help: 'free some space, or choose another disk with --data DIR',
  },
};

/** Says what keeps a folder from holding a store; any other error stays as it is. */
export function explainFolder(error: unknown, folder: string): unknown {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const cause = typeof code === 'string' ? CAUSES[code] : undefined;
  if (cause === undefined) return error;
  return new GyreError({
    kind: cause.kind,
    code: 'main/unusable-folder',
    message: `the store cannot be kept in ${folder}: ${cause.what}`,
    help: cause.help,
    cause: error,
  });
}
