/**
 * The import graph of Gyre, as one table. A room may import what stands above it, through the door of its own side; `reads` narrows that.
 * The order is the life of a model: whoever knows the loop knows the graph.
 */
export interface Room {
  readonly name: string;
  /** Rooms it may import; left out: every room above it except the ones that face elsewhere (`web`, `client`). */
  readonly reads?: readonly string[];
}

export const ROOMS: readonly Room[] = [
  { name: 'kernel', reads: [] },
  { name: 'stats', reads: ['kernel'] },
  { name: 'platform', reads: ['kernel', 'stats'] },
  { name: 'web', reads: ['kernel', 'stats', 'platform'] },
  { name: 'access' },
  { name: 'projects' },
  { name: 'data' },
  { name: 'features' },
  { name: 'tracking' },
  { name: 'training' },
  { name: 'evaluation' },
  { name: 'registry' },
  { name: 'packaging' },
  { name: 'serving' },
  { name: 'feedback' },
  { name: 'monitoring' },
  { name: 'pipelines' },
  { name: 'loops' },
  { name: 'governance' },
  { name: 'client' },
  { name: 'demo', reads: ['kernel', 'client'] },
  { name: 'main' },
];

const names = ROOMS.map((room) => room.name);

/** Rooms that are no slice of the lifecycle: ground floor, tools and the composition root. */
const NOT_SLICES = new Set(['kernel', 'stats', 'platform', 'web', 'client', 'demo', 'main']);

/** The lifecycle domains. */
export const SLICES = names.filter((name) => !NOT_SLICES.has(name));

/** Rooms that a room may not import. */
export function forbiddenRooms(room: Room): readonly string[] {
  const above = names.slice(0, names.indexOf(room.name));
  const facesElsewhere = room.name === 'main' || room.name === 'client' ? [] : ['client'];
  const allowed = room.reads ?? above.filter((name) => !facesElsewhere.includes(name));
  return names.filter((name) => name !== room.name && !allowed.includes(name));
}

/** Where an npm package may be imported: a path pattern and the packages that belong there. Everything else is refused. */
export interface NpmPlace {
  readonly place: string;
  readonly packages: readonly string[];
}

const BROWSER = '^src/(web/|[^/]+/ui/|main/web\\.tsx$)';

export const NPM_PLACES: readonly NpmPlace[] = [
  { place: '^src/(?!kernel/|stats/|web/|demo/)', packages: ['typebox'] },
  { place: '^src/platform/', packages: ['kysely'] },
  { place: '^src/(?!kernel/|stats/|web/|demo/)[^/]+/(.*-(sql|store)\\.ts$|migrations/)', packages: ['kysely'] },
  { place: '^src/platform/http/', packages: ['fastify'] },
  { place: '^src/(projects|platform/config)/', packages: ['yaml'] },
  { place: '^src/(data|features|monitoring|feedback|demo)/', packages: ['@duckdb/node-api'] },
  { place: '^src/(serving|packaging)/', packages: ['onnxruntime-node'] },
  {
    place: BROWSER,
    packages: ['react', 'react-dom', '@base-ui/react', '@tanstack/react-query', '@tanstack/react-router', 'typebox'],
  },
  { place: '^src/demo/', packages: ['@photostructure/tz-lookup', 'vega-datasets'] },
];
