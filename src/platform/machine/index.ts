/**
 * Durable state machines: turns, pipeline runs, rollouts and long operations are definitions; this room keeps their
 * instances, events, effect intents, leases, fences and timers. A transition and the intents of its effects are one
 * transaction; recovery is reading the store, nothing else.
 *
 * @module
 */
export type {
  Effect,
  EffectHandler,
  EffectIntent,
  MachineContext,
  MachineDefinition,
  MachineEvent,
  MachineInstance,
  MachineRuntime,
  MachineStep,
  TimerIntent,
  Transition,
  TransitionListener,
} from './machine.ts';
