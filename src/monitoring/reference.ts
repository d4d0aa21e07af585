import { GyreError, type Json, type JsonObject } from '#kernel';
import { type ColumnSummary, type NumericSummary, parseColumnSummary } from '#stats';

/** What drift of one model's inputs and scores is measured against: summaries of the table it was trained on. */
export interface Reference {
  /** Rows of the training table. */
  readonly nRows: number;
  /** Summary of each input of the model. */
  readonly features: Readonly<Record<string, ColumnSummary>>;
  /** Summary of what the model itself says of its training rows. */
  readonly scores: NumericSummary;
}

/** Version of the stored form, and of the way summaries are made. */
export const REFERENCE_VERSION = 1;

/** Gives the stored form of a reference. */
export function referenceToJson(reference: Reference): JsonObject {
  // Summaries are plain JSON by their own contract.
  return JSON.parse(JSON.stringify({ version: REFERENCE_VERSION, ...reference })) as JsonObject;
}

/** Reads the stored form of a reference; throws `monitoring/bad-reference`. */
export function parseReference(json: unknown): Reference {
  const part = (key: string): Json | undefined =>
    typeof json === 'object' && json !== null ? (Reflect.get(json, key) as Json | undefined) : undefined;
  const features = part('features');
  const nRows = part('nRows');
  const isWhole = part('version') === REFERENCE_VERSION && typeof nRows === 'number';
  if (!isWhole || typeof features !== 'object' || features === null) throw badReference();
  const scores = parseColumnSummary(part('scores'));
  if (scores.kind !== 'numeric') throw badReference();
  const summaries = Object.entries(features).map(([name, summary]) => [name, parseColumnSummary(summary)] as const);
  return { nRows, features: Object.fromEntries(summaries), scores };
}

function badReference(): GyreError {
  return new GyreError({
    kind: 'internal',
    code: 'monitoring/bad-reference',
    message: 'the stored summaries of a training table are not of version 1; delete them and they are made anew',
  });
}
