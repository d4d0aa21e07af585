import { describe, expect, it } from 'vitest';
import type { HomeBody, StageBody, TurnSummaryBody } from '../api.ts';
import { homeSentence } from './home-words.ts';
import { decidingStage, neighbourStage, openedStages, stageWord } from './stages.ts';
import { matchTurns } from './turn-filter.ts';

function aHome(healths: readonly string[], needs = 0): HomeBody {
  const rows = healths.map((health) => ({
    project: 'p',
    endpoint: 'e',
    model: 'm',
    health,
    reason: '',
    history: [],
    requests: 0,
    changed: '',
  }));
  const needsYou = Array.from({ length: needs }, () => ({ kind: 'alert', text: '', project: 'p', path: '/', since: '' }));
  return { rows, needsYou, changed: [] };
}

describe('the answer of home', () => {
  it('counts the models by health, best first, and says what needs a person', () => {
    expect(homeSentence(aHome(['failing', 'healthy', 'at risk', 'healthy'], 2))).toBe(
      '2 healthy, 1 at risk, 1 failing; 2 things need you.',
    );
  });

  it('is short where all are alike', () => {
    expect(homeSentence(aHome(['healthy']))).toBe('The one model is healthy; nothing needs you.');
    expect(homeSentence(aHome(['undecided', 'undecided'], 1))).toBe('All 2 models are undecided; 1 thing needs you.');
    expect(homeSentence(aHome([]))).toBe('No model is served yet; nothing needs you.');
  });
});

const NAMES = ['trigger', 'data', 'training', 'gate', 'approval', 'rollout', 'verification'];

function stagesUpTo(reached: number, isOpen: boolean): StageBody[] {
  const stateOf = (index: number): string => {
    if (index > reached) return isOpen ? 'waiting' : 'never';
    return index === reached && isOpen ? 'open' : 'done';
  };
  return NAMES.map((stage, index) => ({ stage, state: stateOf(index), verdict: 'pass', text: '', evidence: {} }));
}

describe('the stages of a turn', () => {
  it('open by themselves where the answer is: what is open, what ended the turn, the gate of a promoted one', () => {
    expect(decidingStage({ outcome: 'open', stages: stagesUpTo(2, true) })).toBe('training');
    expect(decidingStage({ outcome: 'held', stages: stagesUpTo(3, false) })).toBe('gate');
    expect(decidingStage({ outcome: 'rolled-back', stages: stagesUpTo(5, false) })).toBe('rollout');
    expect(decidingStage({ outcome: 'promoted', stages: stagesUpTo(6, false) })).toBe('gate');
  });

  it('follow the address, unless it names no stage', () => {
    const turn = { outcome: 'promoted', stages: stagesUpTo(6, false) };
    const opened = openedStages(turn, { stage: 'data' });

    expect([opened.selected, opened.isOpen('data'), opened.isOpen('gate')]).toEqual(['data', true, false]);
    expect(openedStages(turn, { stage: 'nonsense' }).selected).toBe('gate');
    expect(openedStages(turn, { stage: 'data', evidence: '0' }).isOpen('data')).toBe(false);
    expect(NAMES.every(openedStages(turn, { evidence: 'all' }).isOpen)).toBe(true);
  });

  it('are walked one by one, and no further than the ends', () => {
    const stages = stagesUpTo(6, false);

    expect([
      neighbourStage(stages, 'gate', 1),
      neighbourStage(stages, 'verification', 1),
      neighbourStage(stages, 'trigger', -1),
    ]).toEqual(['approval', 'verification', 'trigger']);
  });

  it('say their verdict when they are done, else their state', () => {
    expect(stageWord({ state: 'done', verdict: 'undecided' })).toBe('undecided');
    expect(stageWord({ state: 'done', verdict: '' })).toBe('done');
    expect(stageWord({ state: 'waiting', verdict: '' })).toBe('waiting');
  });
});

describe('the filter of turns', () => {
  const aTurn = (number: number, part: Partial<TurnSummaryBody>): TurnSummaryBody => ({
    id: String(number),
    number,
    loop: 'weekly',
    endpoint: 'web',
    outcome: 'promoted',
    stage: 'verification',
    reason: '',
    trigger: 'alert',
    startedAt: '',
    businessStartedAt: '',
    ...part,
  });
  const turns = [aTurn(1, {}), aTurn(2, { outcome: 'rolled-back', reason: 'errors 4 %' }), aTurn(12, { trigger: 'manual' })];

  it('wants every word, in any column', () => {
    const numbers = (filter: string): readonly number[] => matchTurns(turns, filter).map((turn) => turn.number);

    expect(numbers('')).toEqual([1, 2, 12]);
    expect(numbers('rolled back errors')).toEqual([2]);
    expect(numbers('MANUAL weekly')).toEqual([12]);
    expect(numbers('turn 1')).toEqual([1, 12]);
    expect(numbers('nobody')).toEqual([]);
  });
});
