import type { CanaryComparison, CanaryQuestion } from './judge-canary.ts';
import type { DriftQuestion } from './judge-drift.ts';
import type { PerformanceQuestion } from './judge-performance.ts';
import type { WindowSignal } from './monitor-window.ts';
import type { Reference } from './reference.ts';

/** Where a training table and the model that learnt from it lie on the local disk. */
export interface ReferenceFiles {
  readonly framePath: string;
  readonly modelPath: string;
}

/** Does the numerics of windows, away from the thread that answers requests. */
export interface MonitorNumerics {
  /** Summarises the inputs of a model and what it says of its own training table. */
  makeReference(files: ReferenceFiles): Promise<Reference>;
  judgeDrift(question: DriftQuestion): Promise<readonly WindowSignal[]>;
  judgePerformance(question: PerformanceQuestion): Promise<WindowSignal>;
  compareCanary(question: CanaryQuestion): Promise<CanaryComparison>;
  /** Ends the thread; the next call starts another. */
  stop(): Promise<void>;
}

/** One request to the thread. */
export type MonitorRequest =
  | { readonly op: 'reference'; readonly files: ReferenceFiles }
  | { readonly op: 'drift'; readonly question: DriftQuestion }
  | { readonly op: 'performance'; readonly question: PerformanceQuestion }
  | { readonly op: 'canary'; readonly question: CanaryQuestion };

/** Its answer. */
export type MonitorAnswer =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: { readonly message: string; readonly stack: string } };

/** Columns of logged predictions that numerics read besides the inputs. */
export const JUDGED_COLUMNS = ['moment', 'score', 'model', 'deployment', 'shadow', 'label'] as const;
