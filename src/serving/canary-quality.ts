import type { Estimate } from '#kernel';
import type { SqlTx } from '#platform/sql';

/** Quality of a challenger against its control on rows whose labels are known, or why there is none. */
export type CanaryQualityAnswer =
  | {
      readonly known: true;
      readonly metric: string;
      readonly direction: 'maximize' | 'minimize';
      /** Challenger minus control, two-sample. */
      readonly difference: Estimate;
      /** Largest loss that counts as no loss, in the metric's unit. */
      readonly margin: number;
    }
  | { readonly known: false; readonly reason: string };

/** Judges a challenger by late labels; implemented downstream, asked at the end of each step. */
export interface CanaryQuality {
  /** Compares the two deployments on labelled predictions since a moment. */
  compare(
    tx: SqlTx,
    request: {
      readonly projectId: string;
      readonly endpoint: string;
      readonly challenger: string;
      readonly control: string;
      readonly sinceMs: number;
    },
  ): Promise<CanaryQualityAnswer>;
}
