import type { StageBody, TurnBody } from '../api.ts';

/** What of a turn is opened: one stage, all of them, or none. */
export interface OpenedStages {
  /** Stage that keys act on. */
  readonly selected: string;
  readonly isOpen: (stage: string) => boolean;
}

/** Finds the stage that answers why: the one that is open, the one that ended the turn, or the gate of a promoted one. */
export function decidingStage(turn: Pick<TurnBody, 'outcome' | 'stages'>): string {
  const open = turn.stages.find((stage) => stage.state === 'open');
  if (open !== undefined) return open.stage;
  if (turn.outcome === 'promoted') return 'gate';
  return turn.stages.findLast((stage) => stage.state === 'done')?.stage ?? 'trigger';
}

/** Reads from the address which stages are open; without words the deciding one is. */
export function openedStages(
  turn: Pick<TurnBody, 'outcome' | 'stages'>,
  view: { readonly stage?: string | undefined; readonly evidence?: string | undefined },
): OpenedStages {
  const isKnown = turn.stages.some((stage) => stage.stage === view.stage);
  const selected = isKnown && view.stage !== undefined ? view.stage : decidingStage(turn);
  const { evidence } = view;
  if (evidence === 'all') return { selected, isOpen: () => true };
  return { selected, isOpen: (stage) => stage === selected && evidence !== '0' };
}

/** Gives the stage that lies `step` further, and stays at the ends. */
export function neighbourStage(stages: readonly Pick<StageBody, 'stage'>[], selected: string, step: number): string {
  const at = stages.findIndex((stage) => stage.stage === selected);
  return stages[Math.max(0, Math.min(stages.length - 1, at + step))]?.stage ?? selected;
}

/** Gives the status word of a stage: its verdict when it is done, else its state. */
export function stageWord(stage: Pick<StageBody, 'state' | 'verdict'>): string {
  return stage.state === 'done' ? stage.verdict || 'done' : stage.state;
}
