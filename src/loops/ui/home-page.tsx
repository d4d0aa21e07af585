import {
  Empty,
  Failed,
  Loading,
  Stale,
  StatusIcon,
  statusShape,
  useActions,
  useAnnounceChange,
  usePageTitle,
  useRoute,
  useViewState,
} from '#web';
import { type HomeBody, homeRoute } from '../api.ts';
import { Changed, NeedsYou } from './home-lists.tsx';
import { HistoryTable, HomeRows } from './home-rows.tsx';
import { homeAnswer, homeSentence } from './home-words.ts';

const TOPICS = ['loops.', 'monitoring.', 'serving.', 'projects.', 'registry.', 'governance.'];

/** Answers in its first line whether each served model is healthy and on target, what changed, and what needs a person. */
export function HomePage() {
  usePageTitle('Home');
  const home = useRoute(homeRoute, {}, { isTouchedBy: (event) => TOPICS.some((topic) => event.topic.startsWith(topic)) });
  useAnnounceChange(home.state === 'ready' ? homeSentence(home.data) : undefined);
  if (home.state === 'loading') {
    return (
      <div className="page">
        <h1>Home</h1>
        <Loading what="the served models" rows={4} />
      </div>
    );
  }
  if (home.state === 'failed') {
    return (
      <div className="page">
        <h1>Home</h1>
        <Failed problem={home.problem} retry={home.retry} />
      </div>
    );
  }
  return (
    <div className="page">
      <Stale problem={home.problem} retry={home.retry} />
      <HomeAnswer home={home.data} />
    </div>
  );
}

function HomeAnswer({ home }: { readonly home: HomeBody }) {
  const { view, change } = useViewState();
  const isTable = view['view'] === 'table';
  useActions([
    {
      label: isTable ? 'Show history as lines' : 'Show history as a table',
      keys: 't',
      group: 'This page',
      run: () => {
        change({ view: isTable ? undefined : 'table' });
      },
    },
  ]);
  if (home.rows.length === 0) return <FirstSteps home={home} />;
  return (
    <>
      <h1 className="home-answer">
        {homeAnswer(home).map(({ text, health }) => (
          <span key={text}>
            {health !== undefined && <StatusIcon shape={statusShape(health)} />} {text}{' '}
          </span>
        ))}
      </h1>
      <HomeRows rows={home.rows} />
      {isTable && <HistoryTable rows={home.rows} />}
      <div className="home-lists">
        <NeedsYou items={home.needsYou} />
        <Changed items={home.changed} />
      </div>
    </>
  );
}

function FirstSteps({ home }: { readonly home: HomeBody }) {
  return (
    <>
      <h1 className="home-answer">{homeSentence(home)}</h1>
      <Empty
        title="Start here"
        commands={[
          { label: 'Watch real data go round the whole loop once', command: 'npx gyre demo' },
          { label: 'Run the project in this folder', command: 'npx gyre run' },
          { label: 'Look at what the server can do', command: 'npx gyre doctor' },
        ]}
      >
        A model appears here as soon as a project names an endpoint: with its health, its objective and what changed.
      </Empty>
      {home.changed.length > 0 && <Changed items={home.changed} />}
    </>
  );
}
