import { idempotencyMigration } from '#platform/http/fastify';
import type { SliceModule } from '#platform/slice';
import type { Migration } from '#platform/sql';

/**
 * The one list of migrations. Numbers are unique across the repository; each room has a range:
 *
 * | room | numbers | | room | numbers |
 * |---|---|---|---|---|
 * | platform | 1–19 | | packaging | 100–109 |
 * | access | 20–29 | | serving | 110–119 |
 * | projects | 30–39 | | feedback | 120–129 |
 * | data | 40–49 | | monitoring | 130–139 |
 * | features | 50–59 | | pipelines | 140–149 |
 * | tracking | 60–69 | | loops | 150–159 |
 * | training | 70–79 | | governance | 160–169 |
 * | evaluation | 80–89 | | | |
 * | registry | 90–99 | | | |
 */
export const MIGRATION_RANGES: Readonly<Record<string, readonly [first: number, last: number]>> = {
  platform: [1, 19],
  access: [20, 29],
  projects: [30, 39],
  data: [40, 49],
  features: [50, 59],
  tracking: [60, 69],
  training: [70, 79],
  evaluation: [80, 89],
  registry: [90, 99],
  packaging: [100, 109],
  serving: [110, 119],
  feedback: [120, 129],
  monitoring: [130, 139],
  pipelines: [140, 149],
  loops: [150, 159],
  governance: [160, 169],
};

/** Lists every migration: the platform's, and those of the slices. */
export function allMigrations(platform: readonly Migration[], slices: readonly SliceModule[]): readonly Migration[] {
  return [...platform, idempotencyMigration, ...slices.flatMap((slice) => slice.migrations ?? [])];
}
