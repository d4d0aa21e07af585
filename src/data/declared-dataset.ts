import { type Project, sectionOf } from '#projects';
import type { Dataset } from './dataset.ts';
import { type DatasetsSection, datasetOf } from './dataset-section.ts';

/** A project as far as its datasets go. */
export type DatasetSource = Pick<Project, 'document'>;

/** Gives a dataset that the project declares. Throws `data/no-dataset`. */
export function declaredDataset(project: DatasetSource, name: string): Dataset {
  return datasetOf(sectionOf<DatasetsSection>(project, 'datasets'), name);
}

/** Names of the datasets that the project declares. */
export function declaredNames(project: DatasetSource): readonly string[] {
  return Object.keys(sectionOf<DatasetsSection>(project, 'datasets') ?? {});
}
