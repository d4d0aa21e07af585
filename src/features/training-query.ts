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
 * Compiles a view to the SQL of its training table: each window is the difference of two running sums over facts in order
 * of whole milliseconds, so that a moment sees the facts known in [moment − over, moment) and nothing else.
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
    ...groups.flatMap((group, index) => windowTables(view, relations, { group, table: windowName(index) })),
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
  const joins = groups.map((_, index) => `LEFT JOIN ${windowName(index)}_rows AS w${String(index)} USING (gyre_n)`);
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
  return `CREATE TEMP TABLE gyre_moments AS SELECT row_number() OVER (ORDER BY gyre_moment, gyre_id) AS gyre_n, '' AS gyre_none, * FROM (${thinned(all, range)})`;
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

/**
 * Writes the tables of one group: facts summed up per key and millisecond, their running sums in order of known time, the
 * points at which they are wanted, and the difference of two running sums at each point. A running frame per moment
 * (`RANGE BETWEEN`) gives the same and takes fifty times as long where a window holds many facts.
 */
function windowTables(
  view: FeatureView,
  relations: Relations,
  part: { readonly group: WindowGroup; readonly table: string },
): readonly string[] {
  const { group, table } = part;
  const values = [...new Set(group.features.map(factValue))];
  const match = group.match === undefined ? 'gyre_none' : quoteName(group.match);
  return [
    `CREATE TEMP TABLE ${table}_facts AS ${runningSums(requireSource(view, group.dataset), relations, { group, values })}`,
    `CREATE TEMP TABLE ${table} AS ${differences(group, values, table)}`,
    `CREATE TEMP TABLE ${table}_rows AS SELECT m.gyre_n, p.* FROM gyre_moments AS m JOIN ${table} AS p ON p.gyre_key = m.${match} AND p.gyre_ms = m.gyre_moment`,
  ];
}

function runningSums(
  source: SourceColumns,
  relations: Relations,
  part: { readonly group: WindowGroup; readonly values: readonly string[] },
): string {
  const { group, values } = part;
  const known = quoteName(source.knownTime);
  const key = group.key === undefined ? "''" : quoteName(group.key);
  const longest = Math.max(...group.features.map((feature) => feature.overMs));
  const within = `${known} >= (SELECT min(gyre_moment) FROM gyre_moments) - ${String(longest)} AND ${known} < (SELECT max(gyre_moment) FROM gyre_moments)`;
  const facts = values.map((value, index) => `${value} AS v${String(index)}`);
  // A fact beyond the largest is missing in both evaluators, so that every sum stays exact.
  const kept = values.map(
    (_, index) => `CASE WHEN abs(v${String(index)}) <= ${String(LARGEST_FACT)} THEN v${String(index)} END AS v${String(index)}`,
  );
  const sums = values.map(
    (_, index) => `coalesce(sum(v${String(index)}), 0) AS s${String(index)}, count(v${String(index)}) AS c${String(index)}`,
  );
  const running = values.map(
    (_, index) =>
      `sum(s${String(index)}) OVER up AS s${String(index)}, (sum(c${String(index)}) OVER up)::DOUBLE AS c${String(index)}`,
  );
  return `SELECT gyre_key, gyre_ms, ${running.join(', ')} FROM (
    SELECT gyre_key, gyre_ms, ${sums.join(', ')} FROM (
      SELECT gyre_key, gyre_ms, ${kept.join(', ')} FROM (
        SELECT ${key} AS gyre_key, ${known}::BIGINT AS gyre_ms, ${facts.join(', ')} FROM ${workingRelation(source, relations)} WHERE ${key} IS NOT NULL AND ${within}
      )
    ) GROUP BY ALL
  ) WINDOW up AS (PARTITION BY gyre_key ORDER BY gyre_ms ROWS UNBOUNDED PRECEDING)`;
}

/** Sums of the facts before the moment, less those before the window, at each point that a moment asks for. */
function differences(group: WindowGroup, values: readonly string[], table: string): string {
  const match = group.match === undefined ? 'gyre_none' : quoteName(group.match);
  const lengths = [...new Set(group.features.map((feature) => feature.overMs))];
  const columns = group.features.flatMap((feature, index) => {
    const value = String(values.indexOf(factValue(feature)));
    const low = `low${String(lengths.indexOf(feature.overMs))}`;
    return ['s', 'c'].map(
      (sum) =>
        `coalesce(high.${sum}${value}, 0) - coalesce(${low}.${sum}${value}, 0) AS ${sum === 's' ? 'n' : 'd'}${String(index)}`,
    );
  });
  const before = (name: string, time: string): string =>
    `ASOF LEFT JOIN ${table}_facts AS ${name} ON p.gyre_key = ${name}.gyre_key AND ${time} > ${name}.gyre_ms`;
  const lows = lengths.map((overMs, index) => before(`low${String(index)}`, `p.gyre_ms - ${String(overMs)}`));
  return `SELECT p.gyre_key, p.gyre_ms, ${columns.join(', ')}
    FROM (SELECT DISTINCT ${match} AS gyre_key, gyre_moment AS gyre_ms FROM gyre_moments WHERE ${match} IS NOT NULL) AS p
    ${[before('high', 'p.gyre_ms'), ...lows].join(' ')}`;
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
