import type { JsonObject, TurnOutcome, Verdict } from '#kernel';

/** The seven stages of a turn, in order. */
export const TURN_STAGES = ['trigger', 'data', 'training', 'gate', 'approval', 'rollout', 'verification'] as const;
/** One stage of a turn. */
export type TurnStage = (typeof TURN_STAGES)[number];

/** What made somebody or something ask for a turn. */
export type TurnTrigger = {
  readonly kind: 'manual' | 'alert' | 'schedule';
  /** Person, monitor or loop that asked. */
  readonly source: string;
  /** One sentence from stored facts. */
  readonly reason: string;
  readonly businessAtMs: number;
  readonly facts: JsonObject;
};

/** A registered version, as a turn names it. */
export type TurnVersion = {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
};

/** What happened in one stage: when, in one sentence, and on what evidence. */
export type StageRecord = {
  readonly stage: TurnStage;
  readonly startedAtMs: number;
  readonly businessStartedAtMs: number;
  readonly endedAtMs: number | null;
  readonly businessEndedAtMs: number | null;
  /** Empty while the stage is open. */
  readonly verdict: Verdict | '';
  readonly text: string;
  readonly evidence: JsonObject;
};

/** The whole durable record of a turn. */
export type TurnState = {
  readonly loop: string;
  readonly number: number;
  readonly pipeline: string;
  readonly endpoint: string;
  readonly gate: string;
  readonly approval: 'automatic' | 'required';
  readonly trigger: TurnTrigger;
  /** Later triggers that this turn absorbed. */
  readonly absorbed: readonly TurnTrigger[];
  readonly outcome: TurnOutcome;
  /** Why it ended as it did, in one sentence; empty while open. */
  readonly reason: string;
  readonly stages: readonly StageRecord[];
  readonly pipelineRunId: string;
  readonly pipelineRunNumber: number;
  readonly challenger: TurnVersion | null;
  readonly champion: TurnVersion | null;
  readonly approvalId: string;
  readonly rolloutId: string;
  /** Digest that the endpoint answered with at the end; empty before. */
  readonly servedDigest: string;
};

/** What a turn is started with. */
export type TurnInput = {
  readonly loop: string;
  readonly number: number;
  readonly pipeline: string;
  readonly endpoint: string;
  readonly gate: string;
  readonly approval: 'automatic' | 'required';
  readonly trigger: TurnTrigger;
};

/** Moment of a change on both clocks. */
export interface TurnMoment {
  readonly nowMs: number;
  readonly businessNowMs: number;
}

/**
 * Gives the stage that is open.
 *
 * @param state - The turn.
 * @returns The last record without an end, or undefined when the turn has ended.
 */
export function openStage(state: TurnState): StageRecord | undefined {
  return state.stages.findLast((record) => record.endedAtMs === null);
}

/**
 * Opens a stage.
 *
 * @param state - The turn; its open stage was closed before.
 * @param stage - Which stage.
 * @param moment - When.
 * @returns The turn with the stage open.
 */
export function enterStage(state: TurnState, stage: TurnStage, moment: TurnMoment): TurnState {
  const record: StageRecord = {
    stage,
    startedAtMs: moment.nowMs,
    businessStartedAtMs: moment.businessNowMs,
    endedAtMs: null,
    businessEndedAtMs: null,
    verdict: '',
    text: '',
    evidence: {},
  };
  return { ...state, stages: [...state.stages, record] };
}

/**
 * Closes the open stage.
 *
 * @param state - The turn.
 * @param result - Verdict, sentence and evidence.
 * @param moment - When.
 * @returns The turn with that stage closed; unchanged when none is open.
 */
export function leaveStage(
  state: TurnState,
  result: { readonly verdict: Verdict; readonly text: string; readonly evidence?: JsonObject },
  moment: TurnMoment,
): TurnState {
  const open = openStage(state);
  if (open === undefined) return state;
  const closed: StageRecord = {
    ...open,
    endedAtMs: moment.nowMs,
    businessEndedAtMs: moment.businessNowMs,
    verdict: result.verdict,
    text: result.text,
    evidence: { ...open.evidence, ...result.evidence },
  };
  return { ...state, stages: state.stages.map((record) => (record === open ? closed : record)) };
}
