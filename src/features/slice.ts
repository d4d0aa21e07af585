import type { DataSlice } from '#data';
import { type Digest, decodeFrame, type Frame } from '#kernel';
import type { Platform, SliceModule } from '#platform/slice';
import type { ProjectsSlice } from '#projects';
import { buildFrame } from './build-frame-duckdb.ts';
import { createViewShelf, featureProblems, type ViewSource } from './declared-view.ts';
import type { FeatureFrame, FrameRequest } from './feature-frame.ts';
import { FeaturesSchema, type FeaturesSection } from './feature-section.ts';
import type { FeatureView } from './feature-view.ts';
import { labelValues } from './label-values.ts';
import { featuresMigrations } from './migrations.ts';
import type { OnlineFeatures } from './online-features.ts';
import { createOnlineService } from './online-service.ts';
import { featureRoutes } from './routes.ts';

/** Feature views of projects: training tables and online features from one definition. */
export interface FeaturesSlice extends SliceModule {
  /** Gives a declared feature view, parsed once per project document. Throws `features/no-view`. */
  view(project: ViewSource, name: string): FeatureView;
  /** Names of the declared feature views. */
  views(project: ViewSource): readonly string[];
  /** Builds and stores a point-in-time correct training table; the same request gives the same digest. Throws `features/no-version`. */
  buildFrame(request: FrameRequest): Promise<FeatureFrame>;
  /** Reads a stored training table back. */
  readFrame(digest: Digest): Promise<Frame>;
  /** Gives the live online features of a view, rebuilt from the store at first use and fed by every later batch. Throws `features/no-view`. */
  online(projectId: string, view: string): Promise<OnlineFeatures>;
  /** Computes the labels of rows of the label's dataset: 0 or 1, or numbers, NaN where it cannot be told. Throws `features/no-label`. */
  labelValues(request: { readonly projectId: string; readonly view: string; readonly frame: Frame }): Promise<Float64Array>;
}

/**
 * Makes the slice.
 *
 * @param platform - The ports.
 * @param upstream - Where projects and datasets are.
 * @returns The slice and what others call.
 */
export function createFeaturesSlice(
  platform: Platform,
  upstream: { readonly projects: Pick<ProjectsSlice, 'find' | 'businessNowMs'>; readonly data: DataSlice },
): FeaturesSlice {
  const { projects, data } = upstream;
  const shelf = createViewShelf();
  const online = createOnlineService({ platform, projects, data, shelf });
  const find = async (projectId: string, name: string): Promise<FeatureView> =>
    shelf.view(await platform.database.read((tx) => projects.find(tx, projectId)), name);
  return {
    name: 'features',
    migrations: featuresMigrations,
    routes: featureRoutes(platform, { projects, shelf }),
    projectSection: {
      key: 'features',
      schema: FeaturesSchema,
      // The host has held the section against the schema before it asks.
      check: (section, document) => featureProblems(section as FeaturesSection, document),
    },
    view: (project, name) => shelf.view(project, name),
    views: (project) => shelf.names(project),
    buildFrame: async (request) => await buildFrame({ platform, data }, await find(request.projectId, request.view), request),
    readFrame: async (digest) => decodeFrame(await platform.blobs.get(digest)),
    online: (projectId, view) => online.open(projectId, view),
    labelValues: async ({ projectId, view, frame }) => labelValues(await find(projectId, view), frame),
    stop: async () => {
      online.stop();
      await Promise.resolve();
    },
  };
}
