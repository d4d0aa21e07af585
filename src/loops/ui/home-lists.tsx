import { ScreenLink, StatusIcon, statusShape, TimeText, useSteadyList } from '#web';
import type { HomeBody } from '../api.ts';

/** Shows what waits for a person, each with its screen. */
export function NeedsYou({ items }: { readonly items: HomeBody['needsYou'] }) {
  return (
    <section className="card" aria-labelledby="needs-you">
      <h2 id="needs-you">Needs you</h2>
      {items.length === 0 && <p className="meta">Nothing waits for a decision.</p>}
      <ul className="lines">
        {items.map((item) => (
          <li key={`${item.kind}/${item.path}/${item.text}`}>
            <StatusIcon shape={statusShape(item.kind)} />
            <span>
              <span className="meta">{item.kind}</span> {item.text}
            </span>
            <span className="lines-end">
              <span className="meta">
                since <TimeText time={item.since} isRelative />
              </span>
              <ScreenLink path={item.path} className="button">
                {item.kind === 'approval' ? 'Review' : 'Why?'}
                <span className="unseen"> {item.text}</span>
              </ScreenLink>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Shows what happened last, newest first; it stands still while a person is on it. */
export function Changed({ items }: { readonly items: HomeBody['changed'] }) {
  const list = useSteadyList(items, (item) => `${item.at}/${item.text}`);
  return (
    <section className="card" aria-labelledby="changed" {...list.container}>
      <h2 id="changed">Changed</h2>
      {items.length === 0 && <p className="meta">Nothing has happened yet.</p>}
      {list.waiting > 0 && (
        <button type="button" className="button" onClick={list.showAll}>
          ↓ {list.waiting} new: show
        </button>
      )}
      <ul className="lines">
        {list.shown.map((item) => (
          <li key={`${item.at}/${item.text}`}>
            <span className="meta lines-time">
              <TimeText time={item.at} isRelative />
            </span>
            <span>{item.path === undefined ? item.text : <ScreenLink path={item.path}>{item.text}</ScreenLink>}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
