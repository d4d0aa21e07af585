/**
 * Monitors: windows of business time over what an endpoint answered, checked for drift against the training table and
 * for realized performance where the labels have come in; alerts that people and loops act on.
 *
 * @module
 */
export { monitoringErrors } from './errors.ts';
export type { Alert, EndpointHealth, MonitorWindow, WindowSignal } from './monitor-window.ts';
export type { MonitoringSlice } from './monitoring-slice.ts';
export { createMonitoringSlice, type MonitoringUpstream } from './slice.ts';
