import type { AnyRouteContract, HttpMethod } from '#platform/http/api';

/** Tells which methods a path has, for answers to the wrong one. */
export function createKnownPaths(contracts: readonly AnyRouteContract[]): (path: string) => readonly HttpMethod[] {
  const patterns = contracts.map((contract) => ({ method: contract.method, segments: contract.path.split('/') }));
  return (path) => {
    const segments = path.split('/');
    const methods = patterns.filter((pattern) => matches(pattern.segments, segments)).map((pattern) => pattern.method);
    return [...new Set(methods)].sort();
  };
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]));
}
