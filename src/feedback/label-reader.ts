import type { Frame } from '#kernel';
import type { Label } from './label.ts';

/** Reads labels out of rows of an outcome dataset by the label expression of a feature view; implemented by features. */
export interface LabelReader {
  /** Reads the rows of a batch; rows whose label is missing are left out. */
  read(request: {
    readonly projectId: string;
    readonly view: string;
    readonly dataset: string;
    readonly frame: Frame;
  }): Promise<readonly Label[]>;
}
