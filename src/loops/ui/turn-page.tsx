import {
  Failed,
  Loading,
  NotFound,
  Stale,
  statusWord,
  useActions,
  useAnnounceChange,
  usePageTitle,
  usePathNames,
  useRoute,
  useViewState,
} from '#web';
import { getTurnRoute, type TurnBody } from '../api.ts';
import { neighbourStage, openedStages } from './stages.ts';
import { Timeline } from './timeline.tsx';
import { TurnFacts } from './turn-facts.tsx';
import { TurnHead } from './turn-head.tsx';

/** Shows one turn of the loop: what happened at each stage, why, and on what evidence. */
export function TurnPage() {
  const [project = '', name = ''] = usePathNames('/p/$project/turns/$turn');
  usePageTitle(`Turn ${name} of ${project}`);
  const turn = useRoute(getTurnRoute, { params: { project, turn: name } }, { isTouchedBy: (event) => event.entity === 'turn' });
  useAnnounceChange(turn.state === 'ready' ? `turn ${name}: ${turn.data.sentence}` : undefined);
  if (turn.state === 'failed' && turn.problem.status === 404) return <NotFound what={turn.problem.message} />;
  if (turn.state !== 'ready') {
    return (
      <div className="page">
        <h1>Turn {name}</h1>
        {turn.state === 'loading' ? (
          <Loading what={`turn ${name}`} rows={8} />
        ) : (
          <Failed problem={turn.problem} retry={turn.retry} />
        )}
      </div>
    );
  }
  return (
    <div className="page">
      <Stale problem={turn.problem} retry={turn.retry} />
      <TurnView turn={turn.data} />
    </div>
  );
}

function TurnView({ turn }: { readonly turn: TurnBody }) {
  const { view, change } = useViewState();
  const opened = openedStages(turn, { stage: view['stage'], evidence: view['evidence'] });
  const select = (stage: string): void => {
    change({ stage });
    document.getElementById(`stage-${stage}`)?.scrollIntoView({ block: 'nearest' });
  };
  const toggle = (stage: string): void => {
    change({ stage, evidence: opened.isOpen(stage) ? '0' : '1' });
  };
  const isAll = view['evidence'] === 'all';
  useActions([
    { label: 'Next stage', keys: 'j', group: 'This turn', run: () => select(neighbourStage(turn.stages, opened.selected, 1)) },
    {
      label: 'Previous stage',
      keys: 'k',
      group: 'This turn',
      run: () => select(neighbourStage(turn.stages, opened.selected, -1)),
    },
    { label: 'Open or close the evidence', keys: 'e', group: 'This turn', run: () => toggle(opened.selected) },
    {
      label: isAll ? 'Close all evidence' : 'Open all evidence',
      keys: 'a',
      group: 'This turn',
      run: () => change({ evidence: isAll ? '0' : 'all' }),
    },
  ]);
  return (
    <>
      <TurnHead turn={turn} />
      <Timeline turn={turn} opened={opened} onToggle={toggle} />
      <TurnFacts turn={turn} />
      <p className="meta hint">
        <kbd>j</kbd> <kbd>k</kbd> stage · <kbd>e</kbd> evidence · <kbd>a</kbd> all · <kbd>?</kbd> more keys
        <span className="unseen">; the turn is {statusWord(turn.outcome)}</span>
      </p>
    </>
  );
}
