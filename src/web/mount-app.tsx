import { Tooltip } from '@base-ui/react/tooltip';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ActionsProvider } from './actions.tsx';
import { AnnouncerProvider } from './announcer.tsx';
import { openLiveFeed } from './live-feed.ts';
import { NowProvider } from './now.tsx';
import { NotFound } from './page.tsx';
import { PreferencesProvider } from './preferences.tsx';
import { parseView, type Screen, viewText } from './screen.ts';
import { Shell, type ShellSlots } from './shell.tsx';
import { LiveFeedContext } from './use-route.ts';

const STALE_MS = 5000;
const TOOLTIP_MS = 250;

/** What the composition root hands to the frame. */
export interface App {
  readonly screens: readonly Screen[];
  readonly slots: ShellSlots;
}

/**
 * Shows the screens of all slices in one frame.
 *
 * @param root - Element that the page is drawn into.
 * @param app - Screens and what slices put into the frame.
 */
export function mountApp(root: Element, app: App): void {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: STALE_MS } } });
  const feed = openLiveFeed();
  const router = routerOf(app);
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <LiveFeedContext value={feed}>
          <PreferencesProvider>
            <NowProvider>
              <AnnouncerProvider>
                <ActionsProvider>
                  <Tooltip.Provider delay={TOOLTIP_MS}>
                    <RouterProvider router={router} />
                  </Tooltip.Provider>
                </ActionsProvider>
              </AnnouncerProvider>
            </NowProvider>
          </PreferencesProvider>
        </LiveFeedContext>
      </QueryClientProvider>
    </StrictMode>,
  );
}

function routerOf({ screens, slots }: App) {
  const root = createRootRoute({
    component: () => <Shell slots={slots} />,
    notFoundComponent: () => <NotFound what="No screen has this address." />,
  });
  const routes = screens.map((screen) =>
    createRoute({ getParentRoute: () => root, path: screen.path, component: screen.component }),
  );
  return createRouter({
    routeTree: root.addChildren(routes),
    parseSearch: parseView,
    stringifySearch: viewText,
    scrollRestoration: false,
  });
}
