import { quoteName, quoteText } from '#data';
import type { FeatureView, RowFeature, SourceColumns, WindowFeature } from './feature-view.ts';
import { isWindow } from './feature-view.ts';
import { compileSql } from './sql-expression.ts';
import { LARGEST_FACT } from './window-measures.ts';

/** Which moments go into a training table. */
export interface MomentRange {
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly maxRows: number | undefined;
  readonly seed: number;
}

/** Table expression of a dataset version, by dataset name. */
export type Relations = ReadonlyMap<string, string>;

/** The SQL of a training table. */
export interface TrainingQuery {
  /** Statements that make temporary tables, in order. */
  readonly before: readonly string[];
  /** Gives the rows in order of moment and id. */
  readonly rows: string;
  /** Columns of `rows` that are float32. */
  readonly float32: readonly string[];
}

/** Suffixes of the columns with the integers behind a window feature. */
export const NUMERATOR = '#numerator';
/** See {@link NUMERATOR}. */
export const DENOMINATOR = '#denominator';

/**
 * Compiles a view to the SQL of its training table: each window is a running frame over facts and moments together, in
 * order of whole milliseconds, so that a moment sees the facts known in [moment − over, moment) and nothing else.
 *
 * @param view - The view.
 * @param relations - Versions to read.
 * @param options - Which moments, and whether the integers behind windows are wanted.
 * @returns The SQL.
 */
export function trainingQuery(
  view: FeatureView,
  relations: Relations,
  options: MomentRange & { readonly withCounts: boolean },
): TrainingQuery {
  const groups = groupWindows(view.features.filter(isWindow));
  const before = [
    momentsTable(view, relations, options),
    ...groups.map((group, index) => windowTable(view, relations, { group, table: windowName(index) })),
  ];
  const rowFeatures = view.features.filter((feature): feature is RowFeature => feature.from === 'row');
  const places = new Map(
    groups.flatMap((group, index) => group.features.map((feature, at) => [feature.name, { index, at }] as const)),
  );
  const columns = view.features.flatMap((feature) => {
    if (feature.from === 'row') return [`r.f${String(rowFeatures.indexOf(feature))} AS ${quoteName(feature.name)}`];
    const place = places.get(feature.name) ?? { index: 0, at: 0 };
    return windowColumns(feature, place, options.withCounts);
  });
  const joins = groups.map((_, index) => `LEFT JOIN ${windowName(index)} AS w${String(index)} USING (gyre_n)`);
  const rows = `SELECT r.gyre_id AS id, r.gyre_moment::DOUBLE AS moment, ${columns.join(', ')}, ${view.label === undefined ? 'NULL::DOUBLE' : 'l.label'} AS label
    FROM ${rowTable(rowFeatures)} AS r ${joins.join(' ')} ${labelJoin(view, relations)} ORDER BY gyre_n`;
  const numbers = view.specs.filter((spec) => spec.kind === 'number').map((spec) => spec.name);
  return { before, rows, float32: [...numbers, 'label'] };
}

function windowName(index: number): string {
  return `gyre_window_${String(index)}`;
}

/** Writes a dataset's columns by the conventions of `compileSql`. */
function workingRelation(source: SourceColumns, relations: Relations): string {
  const columns = source.columns.map(({ name, type }) => {
    const quoted = quoteName(name);
    if (type === 'time') return `epoch_ms(${quoted})::DOUBLE AS ${quoted}`;
    return type === 'number' || type === 'integer' ? `${quoted}::DOUBLE AS ${quoted}` : quoted;
  });
  return `(SELECT ${columns.join(', ')} FROM ${relations.get(source.name) ?? ''})`;
}

function requireSource(view: FeatureView, name: string): SourceColumns {
  const source = view.sources.get(name);
  if (source === undefined) throw new Error(`the view "${view.name}" was parsed without its dataset "${name}"`);
  return source;
}

function momentsTable(view: FeatureView, relations: Relations, range: MomentRange): string {
  const source = requireSource(view, view.moments);
  const time = quoteName(source.eventTime);
  const bounds = [
    ...(range.fromMs === undefined ? [] : [`${time} >= ${String(range.fromMs)}`]),
    ...(range.toMs === undefined ? [] : [`${time} < ${String(range.toMs)}`]),
  ];
  const where = bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`;
  const columns = view.request.map((column) => quoteName(column.name));
  const all = `SELECT ${[`${quoteName(source.id)}::VARCHAR AS gyre_id`, `${time}::BIGINT AS gyre_moment`, ...columns].join(', ')} FROM ${workingRelation(source, relations)}${where}`;
  return `CREATE TEMP TABLE gyre_moments AS SELECT row_number() OVER (ORDER BY gyre_moment, gyre_id) AS gyre_n, * FROM (${thinned(all, range)})`;
}

/** Keeps of each UTC day its share of the rows, those with the smallest hash of seed and id. */
function thinned(all: string, { maxRows, seed }: MomentRange): string {
  if (maxRows === undefined) return all;
  const day = 'floor(gyre_moment / 86400000)';
  const hash = `md5_number_lower(${quoteText(`${String(seed)}:`)} || gyre_id)`;
  return `SELECT * EXCLUDE (gyre_rank, gyre_of, gyre_total) FROM (
    SELECT *, row_number() OVER (PARTITION BY ${day} ORDER BY ${hash}, gyre_id) AS gyre_rank,
      count(*) OVER (PARTITION BY ${day}) AS gyre_of, count(*) OVER () AS gyre_total FROM (${all})
  ) WHERE gyre_rank <= (gyre_of * ${String(maxRows)}) // gyre_total`;
}

function rowTable(features: readonly RowFeature[]): string {
  const columns = features.map((feature, index) => {
    const value = compileSql(feature.expression);
    // Names of features and columns may be the same, hence names of their own until the last step.
    return `${feature.kind === 'number' ? `(${value})::DOUBLE` : value} AS f${String(index)}`;
  });
  return `(SELECT ${['gyre_n', 'gyre_id', 'gyre_moment', ...columns].join(', ')} FROM gyre_moments)`;
}

function labelJoin(view: FeatureView, relations: Relations): string {
  if (view.label === undefined) return '';
  const source = requireSource(view, view.label.dataset);
  const labels = `SELECT ${quoteName(source.id)}::VARCHAR AS gyre_id, (${compileSql(view.label.value)})::DOUBLE AS label FROM ${workingRelation(source, relations)}`;
  return `LEFT JOIN (${labels}) AS l ON l.gyre_id = r.gyre_id`;
}

/** Windows over the same facts and key: they are computed in one pass. */
interface WindowGroup {
  readonly dataset: string;
  readonly key: string | undefined;
  readonly match: string | undefined;
  readonly features: readonly WindowFeature[];
}

function groupWindows(features: readonly WindowFeature[]): readonly WindowGroup[] {
  const groups = new Map<string, WindowFeature[]>();
  for (const feature of features) {
    const name = JSON.stringify([feature.dataset, feature.key ?? null, feature.match ?? null]);
    groups.set(name, [...(groups.get(name) ?? []), feature]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined ? [] : [{ dataset: first.dataset, key: first.key, match: first.match, features: members }];
  });
}

function windowTable(
  view: FeatureView,
  relations: Relations,
  part: { readonly group: WindowGroup; readonly table: string },
): string {
  const { group, table } = part;
  const source = requireSource(view, group.dataset);
  const known = quoteName(source.knownTime);
  const longest = Math.max(...group.features.map((feature) => feature.overMs));
  const key = group.key === undefined ? "''" : quoteName(group.key);
  const values = group.features.map((feature, index) => `${factValue(feature)} AS v${String(index)}`);
  const wanted = `${known} >= (SELECT min(gyre_moment) FROM gyre_moments) - ${String(longest)} AND ${known} < (SELECT max(gyre_moment) FROM gyre_moments)`;
  const facts = `SELECT ${key} AS gyre_key, ${known}::BIGINT AS gyre_ms, ${values.join(', ')}, NULL::BIGINT AS gyre_n FROM ${workingRelation(source, relations)} WHERE ${key} IS NOT NULL AND ${wanted}`;
  const match = group.match === undefined ? "''" : quoteName(group.match);
  const nothing = group.features.map(() => 'NULL::DOUBLE');
  const moments = `SELECT ${match}, gyre_moment, ${nothing.join(', ')}, gyre_n FROM gyre_moments WHERE ${match} IS NOT NULL`;
  // A fact beyond the largest is missing in both evaluators, so that every sum stays exact.
  const kept = group.features.map(
    (_, index) => `CASE WHEN abs(v${String(index)}) <= ${String(LARGEST_FACT)} THEN v${String(index)} END AS v${String(index)}`,
  );
  const sums = group.features.flatMap((feature, index) => {
    const frame = `OVER (PARTITION BY gyre_key ORDER BY gyre_ms RANGE BETWEEN ${String(feature.overMs)} PRECEDING AND 1 PRECEDING)`;
    return [
      `coalesce(sum(v${String(index)}) ${frame}, 0) AS n${String(index)}`,
      `(count(v${String(index)}) ${frame})::DOUBLE AS d${String(index)}`,
    ];
  });
  return `CREATE TEMP TABLE ${table} AS SELECT * FROM (
    SELECT gyre_n, ${sums.join(', ')} FROM (SELECT gyre_key, gyre_ms, ${kept.join(', ')}, gyre_n FROM (${facts} UNION ALL ${moments}))
  ) WHERE gyre_n IS NOT NULL`;
}

function factValue(feature: WindowFeature): string {
  const { value } = feature;
  if (value === undefined) return '1::DOUBLE';
  const text = compileSql(value);
  return value.type === 'boolean' ? `(${text})::DOUBLE` : text;
}

function windowColumns(
  feature: WindowFeature,
  place: { readonly index: number; readonly at: number },
  withCounts: boolean,
): readonly string[] {
  const [numerator, denominator] = [
    `w${String(place.index)}.n${String(place.at)}`,
    `w${String(place.index)}.d${String(place.at)}`,
  ];
  const value = feature.aggregate === 'mean' ? `${numerator} / nullif(${denominator}, 0)` : numerator;
  const counts = withCounts
    ? [`${numerator} AS ${quoteName(feature.name + NUMERATOR)}`, `${denominator} AS ${quoteName(feature.name + DENOMINATOR)}`]
    : [];
  return [`${value} AS ${quoteName(feature.name)}`, ...counts];
}
