import type { FeaturesSlice } from '#features';
import { type Column, GyreError } from '#kernel';
import type { RegistrySlice } from '#registry';
import type { FeatureLookup, RequestInput, ServableVersions } from '#serving';

const INPUT_KINDS: Readonly<Record<string, RequestInput['kind']>> = {
  number: 'number',
  boolean: 'number',
  category: 'category',
  time: 'time',
};

/** Binds serving's port for feature views to the features slice. */
export function featureLookup(features: Pick<FeaturesSlice, 'online'>): FeatureLookup {
  return {
    open: async ({ projectId, view }) => {
      const online = await features.online(projectId, view);
      return {
        inputs: online.request.map(({ name, type }) => ({ name, kind: INPUT_KINDS[type] ?? 'number' })),
        momentInput: online.momentColumn,
        featureNames: online.specs.map((spec) => spec.name),
        compute: (columns: readonly Column[], momentsMs, nRows) => online.lookup({ nRows, columns }, momentsMs).columns,
      };
    },
  };
}

/** Binds serving's port for versions to the registry. */
export function servableVersions(registry: Pick<RegistrySlice, 'findVersionByNumber'>): ServableVersions {
  return {
    find: async (tx, { projectId, model, version }) => {
      const found = await registry.findVersionByNumber(tx, { projectId, model, number: version });
      return { version: found.number, modelDigest: found.digest };
    },
  };
}

/** A port that is bound after it was handed out: two slices need each other, and one is made first. */
export function lateBound<T>(name: string): { readonly get: () => T; readonly bind: (value: T) => void } {
  let bound: { readonly value: T } | undefined;
  return {
    get: () => {
      if (bound !== undefined) return bound.value;
      throw new GyreError({ kind: 'internal', code: 'main/unbound', message: `${name} is not bound yet` });
    },
    bind: (value) => {
      bound = { value };
    },
  };
}
