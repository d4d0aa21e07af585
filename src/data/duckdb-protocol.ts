import type { Frame } from '#kernel';
import type { LoadColumn, LoadSource } from './duck-engine.ts';

/** How the worker sets the engine up. */
export interface DuckdbSettings {
  /** The only folder below which the engine may touch files, with a trailing slash. */
  readonly folder: string;
  readonly memoryLimitBytes: number;
  readonly threads: number;
}

/** What the worker is asked. `open` and `close` begin and end a session. */
export type DuckdbRequest = { readonly id: number } & (
  | { readonly op: 'open' }
  | { readonly op: 'close' }
  | { readonly op: 'run'; readonly sql: string }
  | { readonly op: 'read'; readonly sql: string }
  | { readonly op: 'write'; readonly sql: string; readonly path: string; readonly float32: readonly string[] }
  | {
      readonly op: 'load';
      readonly table: string;
      readonly columns: readonly LoadColumn[];
      readonly sources: readonly LoadSource[];
    }
);

/** What it answers. */
export type DuckdbAnswer = { readonly id: number } & ({ readonly frame: Frame | undefined } | { readonly failure: string });
