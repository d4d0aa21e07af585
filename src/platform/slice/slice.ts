import type { TSchema } from 'typebox';
import type { Problem } from '#kernel';
import type { EventConsumer } from '#platform/events';
import type { BoundRoute } from '#platform/http';
import type { EffectHandler, MachineRuntime } from '#platform/machine';
import type { Migration } from '#platform/sql';

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
