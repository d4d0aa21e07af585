/**
 * Writes a table for a terminal: aligned, cut to the width from the right-hand side of its widest column.
 *
 * @param columns - Headings.
 * @param rows - Cells, one for each heading.
 * @param width - Columns of the terminal.
 * @returns One line a row, heading first.
 * @example
 * ```ts
 * alignedTable(['name', 'n'], [['a', '10']], 80); // => 'name  n\na     10'
 * ```
 */
export function alignedTable(columns: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => (row[index] ?? '').length)));
  const spare = widths.reduce((sum, one) => sum + one, 0) + 2 * (widths.length - 1) - width;
  const widest = widths.indexOf(Math.max(...widths));
  if (spare > 0) widths[widest] = Math.max(8, (widths[widest] ?? 0) - spare);
  return all
    .map((row) =>
      row
        .map((cell, index) => cut(cell, widths[index] ?? 0).padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * Writes a table for a pipe or file: separated by tabs, nothing cut.
 *
 * @param columns - Headings.
 * @param rows - Cells, one for each heading; tabs and line ends in them become spaces.
 * @returns One line a row, heading first.
 * @example
 * ```ts
 * tabSeparated(['a', 'b'], [['1', 'x\ty']]); // => 'a\tb\n1\tx y'
 * ```
 */
export function tabSeparated(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, ...rows].map((row) => row.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n');
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
