/**
 * SHA-256 over bytes and over canonical JSON: how everything immutable gets its identity.
 *
 * @example
 * ```ts
 * digestOfJson({ b: 1, a: 2 }) === digestOfJson({ a: 2, b: 1 }); // => true
 * ```
 *
 * @module
 */
export { digestOfBytes, digestOfJson } from './digest.ts';
