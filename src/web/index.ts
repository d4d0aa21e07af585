/**
 * The frame and the parts of every screen: tokens, status marks, numbers with intervals, times, tables, small charts, states, dialogs,
 * keys, live updates. Nothing here knows a domain; slices bring screens, and `main/web.tsx` mounts them.
 *
 * @module
 */
export { type PageAction, useActions } from './actions.tsx';
export { useAnnounceChange } from './announcer.tsx';
export type { RouteInput } from './call-route.ts';
export { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog.tsx';
export { CopyCommand, Copyable } from './copyable.tsx';
export { type Column, DataTable } from './data-table.tsx';
export { webErrors } from './errors.ts';
export { Gauge, type GaugeProps } from './gauge.tsx';
export { type App, mountApp } from './mount-app.tsx';
export { countText, estimateText, latencyText, nounText, numberText, shareText } from './number-text.ts';
export { DigestText, EstimateText, IdText, Missing } from './number-view.tsx';
export { NotFound, ScreenLink, usePageTitle } from './page.tsx';
export { RouteProblem } from './route-problem.ts';
export { type NavigationEntry, type Screen, useGo, usePathNames, useViewState, type ViewState } from './screen.ts';
export type { ShellSlots } from './shell.tsx';
export type { SparkPoint } from './spark-path.ts';
export { Sparkline } from './sparkline.tsx';
export { Empty, Failed, Loading, Stale } from './states.tsx';
export { type StatusShape, statusShape, statusWord } from './status.ts';
export { StatusIcon, StatusMark } from './status-mark.tsx';
export { TimeText } from './time-view.tsx';
export { type RouteAnswer, type RouteChange, useRoute, type UseRouteOptions, useRouteChange } from './use-route.ts';
export { type UsedSteadyList, useSteadyList } from './use-steady-list.ts';
