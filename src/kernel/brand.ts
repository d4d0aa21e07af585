/** Gives a primitive a name of its own, so that a run id is never taken for a project id. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
