import type { ReactNode } from 'react';

/** One column: what its cells show. */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, so that their digits do. */
  readonly isNumber?: boolean;
  /** Stays on narrow screens without its head, as the name of the card. */
  readonly isName?: boolean;
}

/**
 * Shows rows as a table, and on narrow screens each row as a card. For up to some hundred rows: more are paged.
 *
 * @param props - Rows, columns and the key of a row.
 */
export function DataTable<Row>(props: {
  /** What the table is about, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Row that stands out, by its key. */
  readonly selected?: string | undefined;
}) {
  return (
    <div className="table-frame">
      <table className="data-table">
        <caption className="unseen">{props.caption}</caption>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column.head} scope="col" data-number={column.isNumber}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={props.keyOf(row)} data-selected={props.selected === props.keyOf(row) || undefined}>
              {props.columns.map((column) => (
                <td key={column.head} data-head={column.head} data-number={column.isNumber} data-name={column.isName}>
                  <div>{column.cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
