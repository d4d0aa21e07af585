/**
 * The frame and the parts of every screen: tokens, status marks, numbers with intervals, times, tables, small charts, states, dialogs,
 * keys, live updates. Nothing here knows a domain; slices bring screens, and `main/web.tsx` mounts them.
 *
 * @module
 */
export { useActions } from './actions.tsx';
export { useAnnounceChange } from './announcer.tsx';
export { ConfirmDialog } from './confirm-dialog.tsx';
export { Copyable } from './copyable.tsx';
export { DataTable } from './data-table.tsx';
export { webErrors } from './errors.ts';
export { Gauge } from './gauge.tsx';
export { mountApp } from './mount-app.tsx';
export { countText, latencyText, nounText, numberText } from './number-text.ts';
export { DigestText, EstimateText, IdText, Missing, SentenceText } from './number-view.tsx';
export { NotFound, ScreenLink, usePageTitle } from './page.tsx';
export { type NavigationEntry, type Screen, useGo, usePathNames, useViewState } from './screen.ts';
export type { SparkPoint } from './spark-path.ts';
export { Sparkline } from './sparkline.tsx';
export { Empty, Failed, Loading, Stale } from './states.tsx';
export { statusShape, statusWord } from './status.ts';
export { StatusIcon, StatusMark } from './status-mark.tsx';
export { TimeText } from './time-view.tsx';
export { useRoute, useRouteChange } from './use-route.ts';
export { useSteadyList } from './use-steady-list.ts';
