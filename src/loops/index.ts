/**
 * Loops: by what rule a model renews itself, and one durable record per turn: trigger, data, training, gate, approval,
 * rollout, verification.
 *
 * @module
 */
export { loopsErrors } from './errors.ts';
export { type Loop, type LoopSection, loopOf, loopsOf } from './loop.ts';
export { createLoopsSlice, type LoopsSlice, type LoopsUpstream } from './slice.ts';
export type { StageRecord, TurnState, TurnTrigger, TurnVersion } from './turn.ts';
export { listTurnRows, requireTurnRow, type TurnSummary } from './turn-store-sql.ts';
