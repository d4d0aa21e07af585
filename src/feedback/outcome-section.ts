import { type Static, Type } from 'typebox';
import { didYouMean, GyreError, type Problem } from '#kernel';

const Name = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Lower-case letters, digits and dashes' });

const OutcomeSchema = Type.Object(
  {
    endpoint: Type.String({ minLength: 1, maxLength: 100, description: 'Endpoint whose predictions come true' }),
    dataset: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Dataset of what came true; its id is the traffic key of the endpoint',
    }),
  },
  { additionalProperties: false },
);

/** Section `outcomes` of the project file: outcome feeds by name. */
export const OutcomesSection = Type.Record(Name, OutcomeSchema);

/** The section as a type. */
export type OutcomesDocument = Readonly<Record<string, Static<typeof OutcomeSchema>>>;

/** One outcome feed with what the rest of the file says about it. */
export interface OutcomeFeed {
  readonly name: string;
  readonly endpoint: string;
  readonly dataset: string;
  /** Feature view that holds the label expression. */
  readonly view: string;
}

type Names = Readonly<Record<string, unknown>>;

/** Rules of the section that its schema cannot say. */
export function checkOutcomes(section: unknown, document: Names): readonly Problem[] {
  // The schema was checked before.
  return Object.entries(section as OutcomesDocument).flatMap(([name, { endpoint, dataset }]) => [
    ...unknownName({ at: `/outcomes/${name}/endpoint`, name: endpoint, kind: 'endpoint', known: document['endpoints'] }),
    ...unknownName({ at: `/outcomes/${name}/dataset`, name: dataset, kind: 'dataset', known: document['datasets'] }),
  ]);
}

interface NameUse {
  readonly at: string;
  readonly name: string;
  readonly kind: 'endpoint' | 'dataset';
  readonly known: unknown;
}

const UNKNOWN_NAME_CODES = { endpoint: 'feedback/unknown-endpoint', dataset: 'feedback/unknown-dataset' } as const;

function unknownName({ at, name, kind, known }: NameUse): readonly Problem[] {
  const names = Object.keys(known ?? {});
  if (names.includes(name)) return [];
  const detail = `no ${kind} "${name}"${didYouMean(name, names)}; the file has ${names.join(', ') || 'none'}`;
  return [{ pointer: at, code: UNKNOWN_NAME_CODES[kind], detail }];
}

/** Lists the outcome feeds of a checked project file. */
export function outcomeFeeds(document: Names): readonly OutcomeFeed[] {
  const section = (document['outcomes'] ?? {}) as OutcomesDocument;
  const endpoints = (document['endpoints'] ?? {}) as Readonly<Record<string, { readonly features?: string }>>;
  return Object.entries(section).map(([name, { endpoint, dataset }]) => ({
    name,
    endpoint,
    dataset,
    view: endpoints[endpoint]?.features ?? '',
  }));
}

/** Finds an outcome feed of a project file, or throws. */
export function requireOutcome(document: Names, name: string): OutcomeFeed {
  const feeds = outcomeFeeds(document);
  const feed = feeds.find((candidate) => candidate.name === name);
  if (feed !== undefined) return feed;
  const names = feeds.map((candidate) => candidate.name);
  throw new GyreError({
    kind: 'not-found',
    code: 'feedback/unknown-outcome',
    message: `the project file declares no outcome feed "${name}"${didYouMean(name, names)}`,
  });
}
