import { type DatasetsSection, datasetOf } from '#data';
import { didYouMean, GyreError, type Problem } from '#kernel';
import { type Project, sectionOf } from '#projects';
import type { FeaturesSection } from './feature-section.ts';
import type { FeatureView } from './feature-view.ts';
import { type DatasetFinder, parseView } from './parse-view.ts';

/** A project as far as its feature views go. */
export type ViewSource = Pick<Project, 'document' | 'documentDigest'>;

/** Documents whose parsed views are kept. */
const MOST_DOCUMENTS = 64;

/** Gives feature views of projects, each parsed once per project document. */
export interface ViewShelf {
  /** Gives a declared view. Throws `features/no-view`. */
  view(project: ViewSource, name: string): FeatureView;
  /** Names of the declared views. */
  names(project: ViewSource): readonly string[];
}

/** Makes an empty shelf. */
export function createViewShelf(): ViewShelf {
  const parsed = new Map<string, Map<string, FeatureView>>();
  const shelfOf = (project: ViewSource): Map<string, FeatureView> => {
    const known = parsed.get(project.documentDigest);
    if (known !== undefined) return known;
    if (parsed.size >= MOST_DOCUMENTS) parsed.clear();
    const shelf = new Map<string, FeatureView>();
    parsed.set(project.documentDigest, shelf);
    return shelf;
  };
  return {
    names: (project) => Object.keys(sectionOf<FeaturesSection>(project, 'features') ?? {}),
    view: (project, name) => {
      const shelf = shelfOf(project);
      const view = shelf.get(name) ?? parseDeclared(project, name);
      shelf.set(name, view);
      return view;
    },
  };
}

function parseDeclared(project: ViewSource, name: string): FeatureView {
  const section = sectionOf<FeaturesSection>(project, 'features') ?? {};
  const fields = Object.hasOwn(section, name) ? section[name] : undefined;
  if (fields === undefined) {
    const hint = didYouMean(name, Object.keys(section));
    throw new GyreError({
      kind: 'not-found',
      code: 'features/no-view',
      message: `the project declares no feature view "${name.slice(0, 80)}"${hint}`,
    });
  }
  const parsed = parseView(name, fields, finderOf(sectionOf<DatasetsSection>(project, 'datasets')));
  if ('view' in parsed) return parsed.view;
  const [first] = parsed.problems;
  throw new GyreError({
    kind: 'invalid',
    code: 'features/bad-section',
    message: first?.detail ?? 'the view is wrong',
    problems: parsed.problems,
  });
}

/** Finds all that is wrong with the section `features` of a document. */
export function featureProblems(section: FeaturesSection, document: Readonly<Record<string, unknown>>): readonly Problem[] {
  // The host has held the whole document against the sections' schemas before it asks.
  const find = finderOf(document['datasets'] as DatasetsSection | undefined);
  return Object.entries(section).flatMap(([name, fields]) => {
    const parsed = parseView(name, fields, find);
    return 'problems' in parsed ? parsed.problems : [];
  });
}

function finderOf(section: DatasetsSection | undefined): DatasetFinder {
  const names = Object.keys(section ?? {});
  return { names, find: (name) => (names.includes(name) ? datasetOf(section, name) : undefined) };
}
