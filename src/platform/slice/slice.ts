import type { TSchema } from 'typebox';
import type { Problem } from '#kernel';
import type { AuditLog } from '#platform/audit';
import type { BlobStore } from '#platform/blobs';
import type { Clock, Ids } from '#platform/clock';
import type { ComputePool } from '#platform/compute';
import type { EventConsumer, EventLog } from '#platform/events';
import type { BoundRoute } from '#platform/http';
import type { Log } from '#platform/log';
import type { EffectHandler, MachineRuntime } from '#platform/machine';
import type { Migration, SqlDatabase } from '#platform/sql';

/** The ports every slice may use, bound once in `main`. */
export interface Platform {
  readonly database: SqlDatabase;
  readonly blobs: BlobStore;
  readonly events: EventLog;
  readonly audit: AuditLog;
  readonly machines: MachineRuntime;
  readonly compute: ComputePool;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Marks a joint at which a crash test may end the process; does nothing otherwise. */
  readonly failpoint: (name: string) => void;
  /** A folder for temporary files, on the disk of the store; emptied at start. */
  readonly scratchFolder: string;
}

/** A slice's part of the project file: one top-level key. */
export interface ProjectSection {
  /** Top-level key in `gyre.yaml`, such as `objectives`. */
  readonly key: string;
  /** JSON schema; every object in it refuses unknown keys. */
  readonly schema: TSchema;
  /** Rules that a schema cannot say (names that must exist elsewhere in the file); pointers are JSON pointers from the root of the document. */
  check?(section: unknown, document: Readonly<Record<string, unknown>>): readonly Problem[];
}

/** One slice, ready to be composed. Everything is optional but the name. */
export interface SliceModule {
  readonly name: string;
  readonly migrations?: readonly Migration[];
  readonly routes?: readonly BoundRoute[];
  /** Adds machine definitions and listeners. */
  defineMachines?(machines: MachineRuntime): void;
  /** Effect handlers by kind. */
  readonly effects?: Readonly<Record<string, EffectHandler>>;
  readonly consumers?: readonly EventConsumer[];
  readonly projectSection?: ProjectSection;
  /** Starts background work, after the store is open and before the port is. */
  start?(): Promise<void>;
  /** Stops background work; called in reverse order. */
  stop?(): Promise<void>;
}
