import type { SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { CanaryQuality } from '#serving';
import type { Alert, EndpointHealth, MonitorWindow } from './monitor-window.ts';

/** What downstream slices ask of monitoring. */
export interface MonitoringSlice extends SliceModule {
  /** Lists evaluated windows, newest first. */
  windows(
    tx: SqlTx,
    query: { readonly projectId: string; readonly monitor?: string; readonly endpoint?: string; readonly limit: number },
  ): Promise<readonly MonitorWindow[]>;
  /** Lists alerts, newest first. */
  alerts(
    tx: SqlTx,
    query: { readonly projectId: string; readonly state?: 'firing' | 'resolved'; readonly limit: number },
  ): Promise<readonly Alert[]>;
  /** Tells how a served model is: from its firing alerts and its newest decided windows; undecided when nothing was decided yet. */
  health(tx: SqlTx, query: { readonly projectId: string; readonly endpoint: string }): Promise<EndpointHealth>;
  /**
   * Judges a challenger by late labels, for `serving`, which stands above this room and declares the port: `main` binds it.
   * It reads beyond the caller's transaction: call it in a snapshot.
   */
  readonly quality: CanaryQuality;
}
