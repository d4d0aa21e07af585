import type { InputColumn } from '../input-columns.ts';

/**
 * Copies a row-major matrix of JSON numbers into columns, as far as every value is a usual number.
 *
 * @param values - `nRows * places.length` values as they stand in the request.
 * @param columns - Columns of the signature.
 * @param places - Which column each column of the matrix is.
 * @param nRows - Rows of the matrix.
 * @returns Index of the first value that needs a closer look: no number, or so large that float32 might not hold it; -1 when there is none.
 */
export function readUsualMatrix(
  values: readonly unknown[],
  columns: readonly InputColumn[],
  places: readonly number[],
  nRows: number,
): number {
  const width = places.length;
  for (let place = 0; place < width; place += 1) {
    const into = columns[places[place]!]!.values;
    for (let row = 0; row < nRows; row += 1) {
      const index = row * width + place;
      const value = values[index];
      if (!(typeof value === 'number' && value < 1e38 && value > -1e38)) return index;
      into[row] = value;
    }
  }
  return -1;
}
