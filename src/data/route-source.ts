import type { AppendReceipt, AppendTarget, FileFormat, JsonColumns } from './append.ts';
import type { DatasetVersion } from './dataset.ts';
import type { DuckEngine } from './duck-engine.ts';

/** What routes ask of the slice. */
export interface RouteSource {
  /** The table engine. */
  readonly engine: DuckEngine;
  /** Appends rows. */
  appendRows(target: AppendTarget, columns: JsonColumns): Promise<AppendReceipt>;
  /** Appends the rows of a file. */
  appendFile(target: AppendTarget, format: FileFormat, bytes: AsyncIterable<Uint8Array>): Promise<AppendReceipt>;
  /** Makes a version. */
  cutVersion(cut: {
    readonly projectId: string;
    readonly dataset: string;
    readonly cutMs: number;
    readonly actor?: string;
  }): Promise<DatasetVersion>;
}
