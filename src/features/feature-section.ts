import { type Static, Type } from 'typebox';

const Name = '^[a-z][a-z0-9-]{0,62}$';
const ColumnName = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$' });
const ExpressionText = Type.String({ minLength: 1, maxLength: 2000, description: 'Expression over the row; see docs' });

const WindowSchema = Type.Object(
  {
    window: Type.String({ description: 'Dataset whose facts are aggregated' }),
    key: Type.Optional(
      Type.String({ description: 'Column of the facts that must equal the request; none aggregates all facts' }),
    ),
    match: Type.Optional(
      Type.String({ description: 'Column of the request to compare the key with; default the name of the key' }),
    ),
    count: Type.Optional(
      Type.Union([Type.Literal(true), ExpressionText], { description: 'Counts facts, or those for which an expression is true' }),
    ),
    sum: Type.Optional(ExpressionText),
    mean: Type.Optional(ExpressionText),
    over: Type.String({
      maxLength: 20,
      description: 'Length of the window, such as 24h: facts known in [moment − over, moment)',
    }),
  },
  { additionalProperties: false },
);

const ViewSchema = Type.Object(
  {
    moments: Type.String({ description: 'Dataset whose rows are the prediction moments, at its event time' }),
    label: Type.Optional(
      Type.Object(
        {
          dataset: Type.String({ description: 'Dataset of the outcomes, joined by id' }),
          value: Type.String({
            minLength: 1,
            maxLength: 2000,
            description: 'Expression over the outcome: true or false, or a number',
          }),
        },
        { additionalProperties: false },
      ),
    ),
    request: Type.Optional(
      Type.Array(ColumnName, {
        maxItems: 1000,
        description: 'Raw inputs of a prediction; default all columns of the moments but the id',
      }),
    ),
    columns: Type.Record(ColumnName, Type.Union([ExpressionText, WindowSchema]), {
      description: 'Features by name',
      additionalProperties: false,
    }),
  },
  { additionalProperties: false },
);

/** Schema of the section `features`. */
export const FeaturesSchema = Type.Record(Type.String({ pattern: Name }), ViewSchema, {
  description: 'Feature views, by name',
  // Else a view whose name does not match would pass unread.
  additionalProperties: false,
});

/** The section `features` as written. */
export type FeaturesSection = Static<typeof FeaturesSchema>;
/** One feature view as written. */
export type ViewFields = Static<typeof ViewSchema>;
/** One window as written. */
export type WindowFields = Static<typeof WindowSchema>;
