import type { DataSlice } from '#data';
import { parseDigest } from '#kernel';

/**
 * Makes dataset versions readable for a command.
 *
 * @param data - Where versions are kept.
 * @param versions - Version digest by dataset name.
 * @returns Local Parquet files by dataset name.
 */
export async function stageDatasets(
  data: Pick<DataSlice, 'stageVersion'>,
  versions: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const entries: [string, readonly string[]][] = [];
  for (const [name, digest] of Object.entries(versions)) {
    entries.push([name, (await data.stageVersion(parseDigest(digest))).files]);
  }
  return Object.fromEntries(entries);
}
