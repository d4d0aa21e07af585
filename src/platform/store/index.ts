/**
 * The folder of an embedded server: one owner at a time, a format number, and a fixed layout.
 *
 * @example
 * ```ts
 * storeLayout('/srv/gyre').database; // => '/srv/gyre/database'
 * ```
 *
 * @module
 */
export { readConnection, type StoreConnection } from './connection-file.ts';
export { type StoreLayout, storeLayout } from './layout.ts';
export { STORE_FORMAT } from './store-format.ts';
export { lockStore, type StoreLock } from './store-lock.ts';
