import { type Static, Type } from 'typebox';
import { didYouMean, GyreError, type Problem } from '#kernel';
import type { Check, CheckRule } from './check.ts';
import { OnBreach } from './check.ts';
import { ColumnType, type Dataset, type DatasetColumn } from './dataset.ts';
import { parseInstantMs } from './parse-instant.ts';
import { patternProblem } from './pattern.ts';

const ColumnName = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$' });
const Bound = Type.Union([Type.Number(), Type.String({ maxLength: 40 }), Type.Null()]);

const CheckSchema = Type.Object(
  {
    name: Type.Optional(
      Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,62}$', description: 'Reason under which rows are quarantined' }),
    ),
    column: Type.Optional(ColumnName),
    notNull: Type.Optional(Type.Literal(true, { description: 'No value may be missing' })),
    between: Type.Optional(
      Type.Array(Bound, {
        minItems: 2,
        maxItems: 2,
        description: 'Lowest and highest value, both allowed; null leaves an end open',
      }),
    ),
    in: Type.Optional(
      Type.Array(Type.Union([Type.String({ maxLength: 400 }), Type.Number(), Type.Boolean()]), {
        minItems: 1,
        maxItems: 10_000,
        description: 'Allowed values',
      }),
    ),
    matches: Type.Optional(
      Type.String({ minLength: 1, maxLength: 400, description: 'Regular expression that must occur in the text' }),
    ),
    greaterThan: Type.Optional(Type.String({ description: 'Column that this one must exceed' })),
    unique: Type.Optional(Type.String({ description: 'Column whose values must not repeat' })),
    onBreach: Type.Optional(
      Type.Enum([...OnBreach], {
        description: 'fail refuses the append, quarantine sets the rows aside, warn counts them; default fail',
      }),
    ),
  },
  { additionalProperties: false },
);

const DatasetSchema = Type.Object(
  {
    id: Type.String({ description: 'Column that tells rows apart' }),
    eventTime: Type.String({ description: 'Time column: when it happened' }),
    knownTime: Type.Optional(Type.String({ description: 'Time column: when it became known; default eventTime' })),
    columns: Type.Record(ColumnName, Type.Enum([...ColumnType]), {
      description: 'Every column with its type',
      additionalProperties: false,
    }),
    checks: Type.Optional(Type.Array(CheckSchema, { maxItems: 200 })),
  },
  { additionalProperties: false },
);

/** Schema of the section `datasets`. */
export const DatasetsSchema = Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }), DatasetSchema, {
  description: 'Tables that rows are appended to, by name',
  // Else a dataset whose name does not match would pass unread.
  additionalProperties: false,
});

/** The section `datasets` as written. */
export type DatasetsSection = Static<typeof DatasetsSchema>;
type DatasetFields = Static<typeof DatasetSchema>;
type CheckFields = Static<typeof CheckSchema>;

/** Names that a table must not use: Gyre's own columns, and the reason of repeated ids. */
const OWN_PREFIX = 'gyre_';
/** Name of the implicit check that ids do not repeat. */
export const DUPLICATE_ID = 'duplicate-id';
const NUMERIC: ReadonlySet<ColumnType> = new Set(['number', 'integer', 'time']);
const TEXTUAL: ReadonlySet<ColumnType> = new Set(['text', 'category']);

/**
 * Finds what a schema cannot say about the section: columns and patterns that do not exist or do not fit.
 *
 * @param section - The section, valid by {@link DatasetsSchema}.
 * @returns All problems, with pointers from the root of the document.
 */
export function datasetProblems(section: DatasetsSection): readonly Problem[] {
  return Object.entries(section).flatMap(([name, fields]) => fieldProblems(`/datasets/${name}`, fields));
}

function fieldProblems(pointer: string, fields: DatasetFields): readonly Problem[] {
  const names = Object.keys(fields.columns);
  const roles = (['id', 'eventTime', 'knownTime'] as const).map((role) => ({ at: role, detail: roleProblem(role, fields) }));
  const columns = names.map((name) => ({ at: `columns/${name}`, detail: columnProblem(name, names) }));
  const found = [...roles, ...columns].flatMap(({ at, detail }) =>
    detail === undefined ? [] : [{ pointer: `${pointer}/${at}`, code: 'data/bad-section', detail }],
  );
  return [...found, ...checkProblems(pointer, fields)];
}

function roleProblem(role: 'id' | 'eventTime' | 'knownTime', fields: DatasetFields): string | undefined {
  const column = fields[role];
  if (column === undefined) return undefined;
  const type = fields.columns[column];
  if (type === undefined) return `there is no column "${column}"${didYouMean(column, Object.keys(fields.columns))}`;
  if (role !== 'id') return type === 'time' ? undefined : `column "${column}" is ${type}, but must be time`;
  return ['text', 'category', 'integer'].includes(type) ? undefined : `an id is text or integer, not ${type}`;
}

function columnProblem(name: string, names: readonly string[]): string | undefined {
  if (name.toLowerCase().startsWith(OWN_PREFIX)) return `names that start with "${OWN_PREFIX}" are kept for Gyre`;
  const twin = names.find((other) => other < name && other.toLowerCase() === name.toLowerCase());
  return twin === undefined ? undefined : `columns "${twin}" and "${name}" differ only in case`;
}

function checkProblems(pointer: string, fields: DatasetFields): readonly Problem[] {
  const seen = new Set<string>([DUPLICATE_ID]);
  return (fields.checks ?? []).flatMap((check, index) => {
    const at = `${pointer}/checks/${String(index)}`;
    const detail = checkProblem(check, fields.columns);
    if (detail !== undefined) return [{ pointer: at, code: 'data/bad-section', detail }];
    const { name } = checkOf(check, fields.columns);
    if (seen.has(name))
      return [{ pointer: at, code: 'data/bad-section', detail: `the check name "${name}" is taken; give it a name of its own` }];
    seen.add(name);
    return [];
  });
}

const RULE_KEYS = ['notNull', 'between', 'in', 'matches', 'greaterThan', 'unique'] as const;

function checkProblem(check: CheckFields, columns: Readonly<Record<string, ColumnType>>): string | undefined {
  const rules = RULE_KEYS.filter((key) => check[key] !== undefined);
  const [rule] = rules;
  if (rule === undefined || rules.length > 1)
    return `a check has exactly one of ${RULE_KEYS.join(', ')}; this one has ${String(rules.length)}`;
  if (rule === 'unique' && check.column !== undefined && check.column !== check.unique)
    return 'unique names its column itself; leave column out';
  const name = rule === 'unique' ? check.unique : check.column;
  if (name === undefined) return `a check with ${rule} needs a column`;
  const unknown = [name, check.greaterThan].find((column) => column !== undefined && columns[column] === undefined);
  if (unknown !== undefined) return `there is no column "${unknown}"${didYouMean(unknown, Object.keys(columns))}`;
  return ruleProblem(check, columns[name] ?? 'text', columns);
}

type ColumnTypes = Readonly<Record<string, ColumnType>>;

function ruleProblem(check: CheckFields, type: ColumnType, columns: ColumnTypes): string | undefined {
  if (check.matches !== undefined) {
    return TEXTUAL.has(type) ? patternProblem(check.matches) : `matches needs a text column, not ${type}`;
  }
  if (check.between !== undefined) return betweenProblem(check.between, type);
  if (check.greaterThan !== undefined) return comparisonProblem(type, columns[check.greaterThan] ?? 'text');
  return check.in === undefined || check.in.every((value) => isMember(value, type))
    ? undefined
    : `in has a value that is not ${type}`;
}

function betweenProblem(bounds: readonly (number | string | null)[], type: ColumnType): string | undefined {
  if (!NUMERIC.has(type)) return `between needs a number, integer or time column, not ${type}`;
  return bounds.some((bound) => boundOf(bound, type) === 'bad') ? `an end of between is not ${type}` : undefined;
}

function comparisonProblem(type: ColumnType, other: ColumnType): string | undefined {
  const fits = NUMERIC.has(type) && NUMERIC.has(other) && (type === 'time') === (other === 'time');
  return fits ? undefined : `${type} and ${other} cannot be compared`;
}

function isMember(value: string | number | boolean, type: ColumnType): boolean {
  if (TEXTUAL.has(type)) return typeof value === 'string';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'integer') return Number.isSafeInteger(value);
  return type === 'number' && typeof value === 'number';
}

function boundOf(bound: number | string | null, type: ColumnType): number | undefined | 'bad' {
  if (bound === null) return undefined;
  if (type === 'time') return typeof bound === 'number' ? bound : (parseInstantMs(bound) ?? 'bad');
  return typeof bound === 'number' ? bound : 'bad';
}

function ruleOf(check: CheckFields, columns: Readonly<Record<string, ColumnType>>): CheckRule {
  if (check.unique !== undefined) return { kind: 'unique', column: check.unique };
  const column = check.column ?? '';
  if (check.between !== undefined) {
    const [low, high] = check.between.map((bound) => boundOf(bound, columns[column] ?? 'number'));
    return { kind: 'between', column, low: low === 'bad' ? undefined : low, high: high === 'bad' ? undefined : high };
  }
  if (check.in !== undefined) return { kind: 'in', column, values: check.in };
  if (check.matches !== undefined) return { kind: 'matches', column, pattern: check.matches };
  if (check.greaterThan !== undefined) return { kind: 'greater-than', column, other: check.greaterThan };
  return { kind: 'not-null', column };
}

function checkOf(check: CheckFields, columns: Readonly<Record<string, ColumnType>>): Check {
  const rule = ruleOf(check, columns);
  return { name: check.name ?? `${rule.column}-${rule.kind}`, rule, onBreach: check.onBreach ?? 'fail' };
}

/**
 * Reads one declared dataset, with defaults and implicit checks filled in: id and times are never missing, ids do not repeat.
 *
 * @param section - The section, valid by {@link DatasetsSchema} and free of {@link datasetProblems}.
 * @param name - Name of the dataset.
 * @returns The dataset.
 * @throws {@link GyreError} `data/no-dataset` when the section has none of that name.
 */
export function datasetOf(section: DatasetsSection | undefined, name: string): Dataset {
  const fields = section === undefined || !Object.hasOwn(section, name) ? undefined : section[name];
  if (fields === undefined) {
    const hint = didYouMean(name, Object.keys(section ?? {}));
    throw new GyreError({
      kind: 'not-found',
      code: 'data/no-dataset',
      message: `the project declares no dataset "${name.slice(0, 80)}"${hint}`,
    });
  }
  const knownTime = fields.knownTime ?? fields.eventTime;
  const columns = Object.entries(fields.columns).map(([column, type]): DatasetColumn => ({ name: column, type }));
  return {
    name,
    id: fields.id,
    eventTime: fields.eventTime,
    knownTime,
    declaresKnownTime: fields.knownTime !== undefined,
    columns,
    checks: [
      ...implicitChecks(fields.id, fields.eventTime, knownTime),
      ...(fields.checks ?? []).map((check) => checkOf(check, fields.columns)),
    ],
  };
}

function implicitChecks(id: string, eventTime: string, knownTime: string): readonly Check[] {
  const needed = [...new Set([id, eventTime, knownTime])];
  return [
    ...needed.map((column): Check => ({ name: `${column}-needed`, rule: { kind: 'not-null', column }, onBreach: 'fail' })),
    { name: DUPLICATE_ID, rule: { kind: 'unique', column: id }, onBreach: 'quarantine' },
  ];
}
