import type { Column } from '#kernel';
import type { LiveDeployment } from '../live-endpoint.ts';

/**
 * Writes source columns as the encoded rows that a model reads.
 *
 * @param deployment - Whose model reads.
 * @param sources - Columns of the call, or of the features; at most `ROWS_AT_ONCE` rows.
 * @param nRows - Rows to read.
 * @returns The rows, one after the other; valid until the next call for this deployment.
 */
export function encodeRows(deployment: LiveDeployment, sources: readonly Column[], nRows: number): Float32Array {
  const { model, sources: places } = deployment;
  const width = places.length;
  const rows = nRows === 1 ? deployment.row : deployment.rows;
  for (let input = 0; input < width; input += 1) {
    const source = sources[places[input]!]!;
    const { values } = source;
    if (deployment.isCategory[input] === 0) {
      // Codes of a category mean nothing to a model that reads a number.
      const isText = source.kind === 'levels';
      for (let row = 0; row < nRows; row += 1) rows[row * width + input] = isText ? Number.NaN : values[row]!;
    } else if (source.kind === 'levels') {
      const { levels } = source;
      for (let row = 0; row < nRows; row += 1) rows[row * width + input] = model.encodeLevel(input, levels[values[row]!]);
    } else {
      const missing = model.encodeLevel(input, undefined);
      for (let row = 0; row < nRows; row += 1) rows[row * width + input] = missing;
    }
  }
  return rows;
}
