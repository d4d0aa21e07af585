import { type BoundRoute, bindRoute } from '#platform/http';
import type { Platform } from '#platform/slice';
import type { ProjectsSlice } from '#projects';
import { type FeatureViewBody, getFeatureViewRoute, listFeatureViewsRoute } from './api.ts';
import type { ViewShelf } from './declared-view.ts';
import type { FeatureView, RowFeature, WindowFeature } from './feature-view.ts';

/** Binds the routes of this slice. */
export function featureRoutes(
  platform: Pick<Platform, 'database'>,
  upstream: { readonly projects: Pick<ProjectsSlice, 'find'>; readonly shelf: ViewShelf },
): readonly BoundRoute[] {
  const { projects, shelf } = upstream;
  return [
    bindRoute(listFeatureViewsRoute, async ({ params }) => {
      const project = await platform.database.read((tx) => projects.find(tx, params.project));
      return { body: { items: shelf.names(project).map((name) => presentView(shelf.view(project, name))) } };
    }),
    bindRoute(getFeatureViewRoute, async ({ params }) => {
      const project = await platform.database.read((tx) => projects.find(tx, params.project));
      return { body: presentView(shelf.view(project, params.view)) };
    }),
  ];
}

function presentView(view: FeatureView): FeatureViewBody {
  return {
    name: view.name,
    digest: view.digest,
    moments: view.moments,
    request: view.request.map((column) => ({ ...column })),
    features: view.features.map(presentFeature),
    datasets: [...view.datasets],
    definition: JSON.parse(view.definition),
  };
}

function presentFeature(feature: RowFeature | WindowFeature): FeatureViewBody['features'][number] {
  const { name, kind, from } = feature;
  if (feature.from === 'row') return { name, kind, from };
  const { dataset, aggregate, key, match, overMs } = feature;
  return {
    name,
    kind,
    from,
    window: { dataset, aggregate, overMs, ...(key === undefined ? {} : { key }), ...(match === undefined ? {} : { match }) },
  };
}
