import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';

/**
 * Names the browser's tab after the screen.
 *
 * @param title - Name of the screen.
 */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Gyre`;
  }, [title]);
}

/**
 * Leads to another screen, or to the same one with another view.
 *
 * @param props - Address and what is shown.
 */
export function ScreenLink(props: { readonly path: string; readonly children: ReactNode; readonly className?: string }) {
  return (
    <Link to={props.path} className={props.className}>
      {props.children}
    </Link>
  );
}

/** Says that an address leads nowhere, and where to go instead. */
export function NotFound({ what }: { readonly what: string }) {
  usePageTitle('Not found');
  return (
    <div className="page">
      <h1>Not found</h1>
      <p className="lead">{what}</p>
      <p>
        <ScreenLink path="/">Go home</ScreenLink>
      </p>
    </div>
  );
}
