/**
 * How the command line reaches a server: the connection file of a data folder, a server started for one command, and calls of
 * routes over HTTP.
 *
 * @module
 */
export { type ApiCallOptions, createApiCall } from './api-call.ts';
export { findRunning, findServer, type ReachedServer, type ServerSearch } from './find-server.ts';
