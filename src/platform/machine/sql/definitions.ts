import { didYouMean, GyreError, type JsonObject } from '#kernel';
import type {
  EffectHandler,
  MachineContext,
  MachineDefinition,
  MachineEvent,
  Transition,
  TransitionListener,
} from '#platform/machine';

/** A definition whose state and input types are known only to its slice. */
export interface AnyDefinition {
  readonly kind: string;
  readonly version: number;
  start(input: JsonObject, context: MachineContext): Transition<JsonObject>;
  on(state: JsonObject, event: MachineEvent, context: MachineContext): Transition<JsonObject> | undefined;
}

/** What the slices brought. */
export interface Definitions {
  define<State extends JsonObject, Input extends JsonObject>(
    definition: MachineDefinition<State, Input>,
    listener: TransitionListener | undefined,
  ): void;
  handleEffect(kind: string, handler: EffectHandler): void;
  /** Throws `machine/unknown-kind`. */
  definition(kind: string): { readonly definition: AnyDefinition; readonly listener: TransitionListener | undefined };
  handler(kind: string): EffectHandler | undefined;
  effectKinds(): readonly string[];
  /** Refuses further definitions. */
  seal(): void;
}

/**
 * Makes an empty set of definitions.
 *
 * @returns The set.
 */
export function createDefinitions(): Definitions {
  const definitions = new Map<
    string,
    { readonly definition: AnyDefinition; readonly listener: TransitionListener | undefined }
  >();
  const handlers = new Map<string, EffectHandler>();
  let isSealed = false;
  const assertNew = (kind: string, known: ReadonlyMap<string, unknown>): void => {
    if (isSealed) throw refusal('machine/defined-late', `"${kind}" was added after the machine runtime was started`);
    if (known.has(kind)) throw refusal('machine/defined-twice', `"${kind}" is defined twice`);
  };
  return {
    define: (definition, listener) => {
      assertNew(definition.kind, definitions);
      // A state is only ever given back to the definition that made it.
      definitions.set(definition.kind, { definition: definition, listener });
    },
    handleEffect: (kind, handler) => {
      assertNew(kind, handlers);
      handlers.set(kind, handler);
    },
    definition: (kind) => {
      const found = definitions.get(kind);
      if (found !== undefined) return found;
      throw refusal(
        'machine/unknown-kind',
        `no machine definition has the kind "${kind}"${didYouMean(kind, definitions.keys())}`,
      );
    },
    handler: (kind) => handlers.get(kind),
    effectKinds: () => [...handlers.keys()],
    seal: () => {
      isSealed = true;
    },
  };
}

function refusal(code: string, message: string): GyreError {
  return new GyreError({ kind: 'internal', code, message });
}
