import type { FeaturesSlice, RequestColumn } from '#features';
import { GyreError } from '#kernel';
import type { RegistrySlice } from '#registry';
import type { FeatureLookup, RequestInput, ServableVersions } from '#serving';

/** Kind of a request input for each type of the feature language. */
const INPUT_KIND: Readonly<Record<RequestColumn['type'], RequestInput['kind']>> = {
  number: 'number',
  boolean: 'number',
  category: 'category',
  time: 'time',
};

/** Binds what can be served to the registry. */
export function servableVersions(registry: RegistrySlice): ServableVersions {
  return {
    find: async (tx, { projectId, model, version }) => {
      const found = await registry.findVersionByNumber(tx, { projectId, model, number: version });
      return { version: found.number, modelDigest: found.digest };
    },
  };
}

/** Binds the feature views of the serving side to the features slice. */
export function featureLookup(features: FeaturesSlice): FeatureLookup {
  return {
    open: async ({ projectId, view }) => {
      const online = await features.online(projectId, view);
      return {
        inputs: online.request.map(({ name, type }) => ({ name, kind: INPUT_KIND[type] })),
        momentInput: online.momentColumn,
        featureNames: online.specs.map(({ name }) => name),
        compute: (columns, momentsMs, nRows) => online.lookup({ nRows, columns }, momentsMs).columns,
      };
    },
  };
}

/** A port that is bound after it was handed out: two slices need each other, and one is made first. */
export function lateBound<T>(name: string): { readonly get: () => T; readonly bind: (value: T) => void } {
  let bound: { readonly value: T } | undefined;
  return {
    get: () => {
      if (bound === undefined)
        throw new GyreError({ kind: 'internal', code: 'main/unbound', message: `${name} is not bound yet` });
      return bound.value;
    },
    bind: (value) => {
      bound = { value };
    },
  };
}
