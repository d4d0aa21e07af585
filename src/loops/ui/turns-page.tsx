import { useRef, useState } from 'react';
import {
  DataTable,
  Empty,
  Failed,
  Loading,
  NotFound,
  nounText,
  ScreenLink,
  Stale,
  StatusMark,
  TimeText,
  useActions,
  useGo,
  usePageTitle,
  usePathNames,
  useRoute,
  useSteadyList,
  useViewState,
} from '#web';
import { listTurnsRoute, type TurnSummaryBody } from '../api.ts';
import { turnPath } from './navigation.ts';
import { StartTurn } from './start-turn.tsx';
import { matchTurns } from './turn-filter.ts';

const PAGE = 50;

/** Lists the turns of a project: which ran, how each ended, and why. */
export function TurnsPage() {
  const [project = ''] = usePathNames('/p/$project/turns');
  usePageTitle(`Turns of ${project}`);
  const [limit, setLimit] = useState(PAGE);
  const turns = useRoute(
    listTurnsRoute,
    { params: { project }, query: { limit } },
    { isTouchedBy: (event) => event.entity === 'turn' },
  );
  if (turns.state === 'failed' && turns.problem.status === 404) return <NotFound what={turns.problem.message} />;
  return (
    <div className="page">
      <div className="title-line">
        <h1>Turns of {project}</h1>
        <StartTurn project={project} />
      </div>
      {turns.state === 'loading' && <Loading what="turns" rows={6} />}
      {turns.state === 'failed' && <Failed problem={turns.problem} retry={turns.retry} />}
      {turns.state === 'ready' && (
        <>
          <Stale problem={turns.problem} retry={turns.retry} />
          <TurnList project={project} turns={turns.data.items} />
          {turns.data.nextCursor !== undefined && (
            <button type="button" className="button" onClick={() => setLimit(limit + PAGE)}>
              Show {PAGE} more
            </button>
          )}
        </>
      )}
    </div>
  );
}

function TurnList({ project, turns }: { readonly project: string; readonly turns: readonly TurnSummaryBody[] }) {
  const { view, change } = useViewState();
  const filter = view['q'] ?? '';
  const list = useSteadyList(turns, (turn) => turn.id);
  const found = matchTurns(list.shown, filter);
  const selected = found.find((turn) => String(turn.number) === view['sel']) ?? undefined;
  const field = useRef<HTMLInputElement>(null);
  useListKeys({ project, found, selected, focusFilter: () => field.current?.focus() });
  if (turns.length === 0) return <NoTurns project={project} />;
  const open = turns.filter((turn) => turn.outcome === 'open').length;
  return (
    <>
      <p className="lead">
        {nounText(turns.length, 'turn')}, {open === 0 ? 'none is open' : `${String(open)} open`}.
      </p>
      <div className="filter-line">
        <label htmlFor="turn-filter">Filter</label>
        <input
          id="turn-filter"
          ref={field}
          className="field"
          type="search"
          value={filter}
          placeholder="held, alert, weekly …"
          aria-keyshortcuts="/"
          onChange={(event) => {
            change({ q: event.target.value });
          }}
        />
        {list.waiting > 0 && (
          <button type="button" className="button" onClick={list.showAll}>
            ↓ {list.waiting} new: show
          </button>
        )}
      </div>
      <div {...list.container}>{found.length > 0 && <TurnTable project={project} turns={found} selected={selected?.id} />}</div>
      {found.length === 0 && (
        <p className="notice">
          No turn matches “{filter}”.
          <button type="button" className="button" onClick={() => change({ q: undefined })}>
            Clear the filter
          </button>
        </p>
      )}
    </>
  );
}

function useListKeys(list: {
  readonly project: string;
  readonly found: readonly TurnSummaryBody[];
  readonly selected: TurnSummaryBody | undefined;
  readonly focusFilter: () => void;
}): void {
  const { change } = useViewState();
  const go = useGo();
  const move = (step: number) => (): void => {
    const at = list.found.findIndex((turn) => turn.id === list.selected?.id);
    const next = list.found[Math.max(0, Math.min(list.found.length - 1, at + step))];
    if (next !== undefined) change({ sel: String(next.number) });
  };
  useActions([
    { label: 'Next turn', keys: 'j', group: 'This page', run: move(1) },
    { label: 'Previous turn', keys: 'k', group: 'This page', run: move(-1) },
    { label: 'Filter the turns', keys: '/', group: 'This page', run: list.focusFilter },
    ...(list.selected === undefined
      ? []
      : [
          {
            label: `Open turn ${String(list.selected.number)}`,
            keys: 'o',
            group: 'This page',
            run: () => {
              if (list.selected !== undefined) go(turnPath(list.project, list.selected.number));
            },
          },
        ]),
  ]);
}

function TurnTable(props: {
  readonly project: string;
  readonly turns: readonly TurnSummaryBody[];
  readonly selected: string | undefined;
}) {
  return (
    <DataTable
      caption="Turns, newest first"
      rows={props.turns}
      keyOf={(turn) => turn.id}
      selected={props.selected}
      columns={[
        {
          head: 'Turn',
          isName: true,
          cell: (turn) => <ScreenLink path={turnPath(props.project, turn.number)}>turn {turn.number}</ScreenLink>,
        },
        { head: 'Outcome', cell: (turn) => <StatusMark word={turn.outcome} /> },
        { head: 'Why', cell: (turn) => <span className="clamp">{turn.reason === '' ? `at ${turn.stage}` : turn.reason}</span> },
        { head: 'Loop', cell: (turn) => turn.loop },
        { head: 'Endpoint', cell: (turn) => turn.endpoint },
        { head: 'Asked by', cell: (turn) => turn.trigger },
        { head: 'Started', isNumber: true, cell: (turn) => <TimeText time={turn.startedAt} isRelative /> },
      ]}
    />
  );
}

function NoTurns({ project }: { readonly project: string }) {
  return (
    <Empty
      title="No turn yet"
      commands={[{ label: 'Run the pipeline of this project once', command: `npx gyre run -p ${project}` }]}
    >
      A turn begins when a monitor raises an alert, a date comes, or a person asks. It brings new data through training and the
      gate to the endpoint, and keeps why.
    </Empty>
  );
}
