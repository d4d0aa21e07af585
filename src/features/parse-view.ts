import type { Dataset, DatasetColumn } from '#data';
import { canonicalJson, didYouMean, GyreError, isGyreError, type Problem, parseDurationMs } from '#kernel';
import { digestOfJson } from '#platform/digest';
import type { Expression, ExpressionType } from './expression.ts';
import type { ViewFields, WindowFields } from './feature-section.ts';
import type { FeatureView, RequestColumn, RowFeature, WindowFeature, WindowFunction } from './feature-view.ts';
import { type ColumnScope, parseExpression } from './parse-expression.ts';

/** The datasets of a project. */
export interface DatasetFinder {
  readonly names: readonly string[];
  /** Finds a dataset, or undefined. */
  find(name: string): Dataset | undefined;
}

/** Longest window: one year. */
const LONGEST_WINDOW_MS = 366 * 86_400_000;

/** Columns of every training table besides the features. */
const RESERVED: ReadonlySet<string> = new Set(['id', 'moment', 'label']);

const LANGUAGE_TYPES: Readonly<Record<DatasetColumn['type'], ExpressionType>> = {
  text: 'category',
  category: 'category',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  time: 'time',
};

/** A parsed view, or everything that is wrong with it. */
export type ParsedView = { readonly view: FeatureView } | { readonly problems: readonly Problem[] };

/**
 * Parses one declared feature view against the datasets of the project.
 *
 * @param name - Name of the view.
 * @param fields - The declaration, valid by its schema.
 * @param datasets - Datasets of the project.
 * @returns The view, or all problems with pointers from the root of the document.
 */
export function parseView(name: string, fields: ViewFields, datasets: DatasetFinder): ParsedView {
  const reader = createReader(name, datasets);
  const moments = reader.dataset(fields.moments, 'moments');
  if (moments === undefined) return { problems: reader.problems };
  const request = requestOf(fields, moments, reader);
  const scope = new Map([...scopeOf(moments)].filter(([column]) => request.some((one) => one.name === column)));
  const features = Object.entries(fields.columns).flatMap(([feature, declared]): (RowFeature | WindowFeature)[] => {
    if (RESERVED.has(feature))
      reader.report(`columns/${feature}`, `"${feature}" is a column of every training table; name the feature otherwise`);
    const parsed = reader.attempt(`columns/${feature}`, () =>
      typeof declared === 'string'
        ? rowFeature(feature, declared, scope)
        : windowFeature(feature, declared, { datasets, request }),
    );
    return parsed === undefined ? [] : [parsed];
  });
  const label = labelOf(fields, reader);
  if (features.length === 0) reader.report('columns', 'a view needs at least one feature');
  if (reader.problems.length > 0) return { problems: reader.problems };
  return { view: assemble({ name, fields, moments, request, features, label, datasets }) };
}

interface Reader {
  readonly problems: readonly Problem[];
  report(at: string, detail: string, code?: string): void;
  attempt<T>(at: string, work: () => T): T | undefined;
  dataset(name: string, at: string): Dataset | undefined;
}

function createReader(view: string, datasets: DatasetFinder): Reader {
  const problems: Problem[] = [];
  const report = (at: string, detail: string, code = 'features/bad-section'): void => {
    problems.push({ pointer: `/features/${view}/${at}`, code, detail });
  };
  const attempt = <T>(at: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!isGyreError(error)) throw error;
      report(at, error.message, error.code);
      return undefined;
    }
  };
  return { problems, report, attempt, dataset: (name, at) => attempt(at, () => requireDataset(name, datasets)) };
}

function requireDataset(name: string, datasets: DatasetFinder): Dataset {
  const dataset = datasets.find(name);
  if (dataset !== undefined) return dataset;
  throw badSection(`there is no dataset "${name}" in "datasets"${didYouMean(name, datasets.names)}`);
}

function scopeOf(dataset: Dataset): ColumnScope {
  return new Map(dataset.columns.map(({ name, type }) => [name, { type: LANGUAGE_TYPES[type], isWhole: type === 'integer' }]));
}

function requestOf(fields: ViewFields, moments: Dataset, reader: Reader): readonly RequestColumn[] {
  const names = fields.request ?? moments.columns.map((column) => column.name).filter((name) => name !== moments.id);
  return names.flatMap((name, index) => {
    const column = moments.columns.find((candidate) => candidate.name === name);
    if (column !== undefined && names.indexOf(name) === index) return [{ name, type: LANGUAGE_TYPES[column.type] }];
    const known = moments.columns.map((candidate) => candidate.name);
    reader.report(
      `request/${String(index)}`,
      column === undefined
        ? `dataset "${moments.name}" has no column "${name}"${didYouMean(name, known)}`
        : `column "${name}" is named twice`,
    );
    return [];
  });
}

function rowFeature(name: string, source: string, scope: ColumnScope): RowFeature {
  const expression = parseExpression(source, scope);
  if (expression.type === 'time') {
    throw badSection(
      `feature "${name}" is a time; make a number of it, such as hour(${source}) or hours_between(…)`,
      'features/wrong-type',
    );
  }
  return { from: 'row', name, kind: expression.type === 'category' ? 'category' : 'number', expression };
}

function windowFeature(
  name: string,
  fields: WindowFields,
  context: { readonly datasets: DatasetFinder; readonly request: readonly RequestColumn[] },
): WindowFeature {
  const facts = requireDataset(fields.window, context.datasets);
  if (!facts.declaresKnownTime) {
    throw badSection(
      `feature "${name}" reads the history of dataset "${facts.name}", which declares no knownTime; say which column tells when a fact became known`,
      'features/no-known-time',
    );
  }
  const overMs = parseDurationMs(fields.over);
  if (overMs < 1 || overMs > LONGEST_WINDOW_MS)
    throw badSection(`the window of "${name}" is ${fields.over}; it may be 1ms to 366d`);
  const { aggregate, value } = aggregateOf(name, fields, scopeOf(facts));
  return {
    from: 'window',
    name,
    kind: 'number',
    dataset: facts.name,
    aggregate,
    value,
    ...keyOf(name, fields, facts, context.request),
    overMs,
  };
}

function aggregateOf(
  name: string,
  fields: WindowFields,
  scope: ColumnScope,
): { readonly aggregate: WindowFunction; readonly value: Expression | undefined } {
  const declared = (['count', 'sum', 'mean'] as const).filter((aggregate) => fields[aggregate] !== undefined);
  const [aggregate] = declared;
  if (aggregate === undefined || declared.length > 1) throw badSection(`window "${name}" needs exactly one of count, sum, mean`);
  const source = fields[aggregate];
  if (typeof source !== 'string') return { aggregate, value: undefined };
  const value = parseExpression(source, scope);
  const isWhole = value.type === 'number' && value.isWhole;
  if (value.type === 'boolean' || (isWhole && aggregate !== 'count')) return { aggregate, value };
  const wanted =
    aggregate === 'count' ? 'true or false' : 'true or false, or a whole number (round it, or declare the column integer)';
  throw badSection(`${aggregate} of window "${name}" must be ${wanted}, not a ${value.type}`, 'features/wrong-type');
}

function keyOf(
  name: string,
  fields: WindowFields,
  facts: Dataset,
  request: readonly RequestColumn[],
): { readonly key: string | undefined; readonly match: string | undefined } {
  const { key } = fields;
  if (key === undefined) {
    if (fields.match !== undefined) throw badSection(`window "${name}" has match without key`);
    return { key: undefined, match: undefined };
  }
  const match = fields.match ?? key;
  const column = facts.columns.find((candidate) => candidate.name === key);
  const input = request.find((candidate) => candidate.name === match);
  if (column === undefined) {
    const hint = didYouMean(
      key,
      facts.columns.map((candidate) => candidate.name),
    );
    throw badSection(`dataset "${facts.name}" has no column "${key}" for the key of "${name}"${hint}`, 'features/unknown-name');
  }
  if (input === undefined) {
    const hint = didYouMean(
      match,
      request.map((candidate) => candidate.name),
    );
    throw badSection(`the request has no column "${match}" to compare the key of "${name}" with${hint}`, 'features/unknown-name');
  }
  if (LANGUAGE_TYPES[column.type] !== 'category' || input.type !== 'category') {
    throw badSection(
      `the key of "${name}" compares "${key}" with "${match}"; both must be text or category`,
      'features/wrong-type',
    );
  }
  return { key, match };
}

function labelOf(fields: ViewFields, reader: Reader): FeatureView['label'] {
  const { label } = fields;
  if (label === undefined) return undefined;
  const dataset = reader.dataset(label.dataset, 'label/dataset');
  if (dataset === undefined) return undefined;
  const value = reader.attempt('label/value', () => parseExpression(label.value, scopeOf(dataset)));
  if (value === undefined) return undefined;
  if (value.type === 'number' || value.type === 'boolean') return { dataset: dataset.name, value };
  reader.report('label/value', `a label is true or false, or a number, not a ${value.type}`, 'features/wrong-type');
  return undefined;
}

function assemble(parts: {
  readonly name: string;
  readonly fields: ViewFields;
  readonly moments: Dataset;
  readonly request: readonly RequestColumn[];
  readonly features: readonly (RowFeature | WindowFeature)[];
  readonly label: FeatureView['label'];
  readonly datasets: DatasetFinder;
}): FeatureView {
  const windows = parts.features.flatMap((feature) => (feature.from === 'window' ? [feature.dataset] : []));
  const datasets = [...new Set([parts.moments.name, ...(parts.label === undefined ? [] : [parts.label.dataset]), ...windows])];
  const sources = datasets.map((name) => {
    const { id, eventTime, knownTime, columns } = requireDataset(name, parts.datasets);
    return { name, id, eventTime, knownTime, columns };
  });
  return {
    name: parts.name,
    moments: parts.moments.name,
    label: parts.label,
    request: parts.request,
    features: parts.features,
    specs: parts.features.map(({ name, kind }) => ({ name, kind })),
    datasets,
    sources: new Map(sources.map((source) => [source.name, source])),
    digest: digestOfJson({
      format: 'gyre-feature-view',
      version: 1,
      fields: parts.fields,
      order: Object.keys(parts.fields.columns),
      sources,
    }),
    definition: canonicalJson(parts.fields),
  };
}

function badSection(message: string, code = 'features/bad-section'): GyreError {
  return new GyreError({ kind: 'invalid', code, message });
}
