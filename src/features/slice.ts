import type { DataSlice } from '#data';
import { type Digest, type Frame, GyreError } from '#kernel';
import type { Platform, SliceModule } from '#platform/slice';
import type { SqlTx } from '#platform/sql';
import type { ProjectsSlice } from '#projects';
import type { FeatureView } from './feature-view.ts';
import type { OnlineFeatures } from './online-features.ts';

/** What the features slice needs of `projects`. */
export interface ProjectReader {
  /** Finds a project by name or id. */
  find(tx: SqlTx, nameOrId: string): Promise<ProjectRef>;
  /** Gives a validated top-level section of the project file. */
  section<T>(project: ProjectRef, key: string): T | undefined;
  /** Business time of a project, milliseconds since 1970 UTC. */
  businessNowMs(tx: SqlTx, projectId: string): Promise<number>;
}

/** What identifies a project. */
export interface ProjectRef {
  readonly id: string;
  readonly name: string;
  readonly documentDigest: string;
}

/** What to make a training table of. */
export interface FrameRequest {
  readonly projectId: string;
  /** Name of the feature view. */
  readonly view: string;
  /** Version digest of every dataset that the view reads. */
  readonly versions: Readonly<Record<string, string>>;
  /** Prediction moments in [fromMs, toMs), milliseconds since 1970 UTC; absent ends are open. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Largest number of rows; more moments are thinned day by day. */
  readonly maxRows?: number;
  /** Seed of the thinning. @defaultValue 1 */
  readonly seed?: number;
  /** Adds, per window feature `f`, the integer columns `f#numerator` and `f#denominator`. @defaultValue false */
  readonly withCounts?: boolean;
}

/** A stored training table: `id` (levels), `moment` (float64, milliseconds), one column a feature, `label` (float32, NaN where not known at the cut). */
export interface FeatureFrame {
  /** Digest of the encoded frame; its identity. */
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Digest of the view's definition. */
  readonly viewDigest: Digest;
  readonly rows: number;
  /** Rows with a known label. */
  readonly labelled: number;
  readonly frame: Frame;
}

/** Feature views of projects: training tables and online features from one definition. */
export interface FeaturesSlice extends SliceModule {
  /** Parses a declared feature view. Throws `features/no-view`. Parsed once per project document. */
  view(project: ProjectRef, name: string): FeatureView;
  /** Names of the declared feature views. */
  views(project: ProjectRef): readonly string[];
  /** Builds and stores a point-in-time correct training table; the same request gives the same digest. */
  buildFrame(request: FrameRequest): Promise<FeatureFrame>;
  /** Reads a stored training table back. */
  readFrame(digest: Digest): Promise<Frame>;
  /**
   * Evaluates the label expression of a view on rows of its outcome dataset (text as levels, everything else as doubles, as
   * data hands out batches): 0 or 1 for a boolean, else the number; NaN where it is missing. Throws `features/no-view`.
   */
  labelValues(request: { readonly projectId: string; readonly view: string; readonly frame: Frame }): Promise<Float64Array>;
  /** Gives the live online features of a view, rebuilt from the store at first use and fed by every later batch. */
  online(projectId: string, view: string): Promise<OnlineFeatures>;
}

/** Stands in for the slice until Half B is in: every call refuses. */
export function createFeaturesSlice(
  _platform: Platform,
  _upstream: { readonly projects: ProjectsSlice; readonly data: DataSlice },
): FeaturesSlice {
  const refuse = (): never => {
    throw new GyreError({ kind: 'unavailable', code: 'features/no-view', message: 'features are not in yet' });
  };
  return {
    name: 'features',
    view: refuse,
    views: () => [],
    buildFrame: async () => refuse(),
    readFrame: async () => refuse(),
    labelValues: async () => refuse(),
    online: async () => refuse(),
  };
}
