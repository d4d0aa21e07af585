import type { IRegularForbiddenRuleType as Rule } from 'dependency-cruiser';
import { forbiddenRooms, NPM_PLACES, ROOMS, SLICES } from './graph.ts';
import { BROWSER_FILE, IO_FILE, PRESENTER_FILE, TEST_FILE, WIRE_FILE } from './vocabulary.ts';

const SERVER_DOORS = [
  '^src/(?!platform/|web/|main/)[^/]+/(index|api)\\.ts$',
  '^src/platform/[^/]+/(index|api)\\.ts$',
  '^src/platform/[^/]+/[^/]+/index\\.ts$',
];
const COMMAND_DOOR = '^src/(?!platform/|web/|main/)[^/]+/commands\\.ts$';
const BROWSER_DOORS = ['^src/web/index\\.ts$', '^src/[^/]+/ui/index\\.ts$'];
const ADAPTER_DOOR = '^src/platform/[^/]+/[^/]+/index\\.ts$';
const SLICE_FILE = `^src/(${SLICES.join('|')})/`;
const NOT_DOMAIN = [TEST_FILE, ...IO_FILE, WIRE_FILE, BROWSER_FILE];
const OUTSIDE = '^(test|bench|scripts)/';
/** Rooms of the platform whose functions are pure and may be called from the domain. */
const PURE_PLATFORM = '^src/platform/(machine|http/api|cli|config|slice|digest)';
const NPM: Rule['to'] = { dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'npm-unknown'] };

function rule(name: string, comment: string, parts: Pick<Rule, 'from' | 'to'>): Rule {
  return { name, comment, severity: 'error', ...parts };
}

const GRAPH_RULES = ROOMS.filter((room) => forbiddenRooms(room).length > 0).map((room) =>
  rule(
    `${room.name}-upstream`,
    `"${room.name}" imports only what stands above it in test/architecture/graph.ts; tell downstream by an event, or declare a port that it implements`,
    {
      from: { path: `^src/${room.name}/` },
      to: { path: `^src/(${forbiddenRooms(room).join('|')})/` },
    },
  ),
);

const DOOR_RULES = [
  rule('slice-door', 'enter another room by its door: #room, #room/api or #room/ui; export there what you need', {
    from: { path: '^src/([^/]+)/', pathNot: '^src/main/' },
    to: { path: '^src/', pathNot: ['^src/$1/', ...SERVER_DOORS, ...BROWSER_DOORS] },
  }),
  rule('slice-door-main', 'even the composition root enters a room by its door', {
    from: { path: '^src/main/' },
    to: { path: '^src/(?!main/)', pathNot: [...SERVER_DOORS, ...BROWSER_DOORS, COMMAND_DOOR, '\\.css$'] },
  }),
  rule('slice-door-outside', 'tests, benches and scripts enter a room by its door (src/main has none)', {
    from: { path: OUTSIDE },
    to: { path: '^src/(?!main/)', pathNot: [...SERVER_DOORS, ...BROWSER_DOORS, COMMAND_DOOR, '\\.css$'] },
  }),
  rule('platform-door', 'inside the platform a port enters another by its door: #platform/port', {
    from: { path: '^src/platform/([^/]+)/' },
    to: { path: '^src/platform/', pathNot: ['^src/platform/$1/', '^src/platform/[^/]+/(index|api)\\.ts$', ADAPTER_DOOR] },
  }),
  rule('adapters-only-from-main', 'only src/main chooses adapters; take the port as an argument', {
    from: { path: '^src/(?!main/)', pathNot: [TEST_FILE, '^src/platform/'] },
    to: { path: ADAPTER_DOOR },
  }),
  rule('adapters-only-from-their-port', 'a port does not choose another port’s adapter; take the port as an argument', {
    from: { path: '^src/platform/([^/]+)/', pathNot: TEST_FILE },
    to: { path: ADAPTER_DOOR, pathNot: '^src/platform/$1/' },
  }),
  rule('border-needs-alias', 'cross a border of src/ by its name, such as #kernel; relative paths stay inside the room', {
    from: { path: '^src/([^/]+)/' },
    to: { path: '^src/', pathNot: '^src/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
  }),
  rule('border-needs-alias-platform', 'cross from port to port by name, such as #platform/clock', {
    from: { path: '^src/platform/([^/]+)/' },
    to: { path: '^src/platform/', pathNot: '^src/platform/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
  }),
];

const PURITY_RULES = [
  rule('kernel-imports-nothing', 'the kernel needs nothing: neither Node nor a package', {
    from: { path: '^src/kernel/', pathNot: TEST_FILE },
    to: { pathNot: '^src/kernel/' },
  }),
  rule('stats-imports-only-kernel', 'statistics are pure functions on typed arrays: neither Node nor a package', {
    from: { path: '^src/stats/', pathNot: TEST_FILE },
    to: { pathNot: '^src/(stats|kernel)/' },
  }),
  rule(
    'domain-does-no-io',
    'a domain file is pure; move the IO to a file whose name says so (test/architecture/vocabulary.ts), or take a port',
    {
      from: { path: SLICE_FILE, pathNot: NOT_DOMAIN },
      to: { dependencyTypes: ['core'] },
    },
  ),
  rule('domain-calls-no-adapter', 'a domain file knows IO only as a port it declares; take it as an argument', {
    from: { path: SLICE_FILE, pathNot: NOT_DOMAIN },
    to: {
      path: [...IO_FILE],
      pathNot: ['(^|/)index\\.ts$', '^src/platform/'],
      dependencyTypesNot: ['type-only'],
    },
  }),
  rule('domain-knows-no-platform', 'a domain file may name a port as a type; the composition root hands it in', {
    from: { path: SLICE_FILE, pathNot: NOT_DOMAIN },
    to: { path: '^src/platform/', pathNot: PURE_PLATFORM, dependencyTypesNot: ['type-only'] },
  }),
  rule(
    'domain-knows-no-wire',
    'wire types stay at the rim (api.ts, routes.ts, commands.ts, ui/); map them to domain types there',
    {
      from: { path: SLICE_FILE, pathNot: [...NOT_DOMAIN, PRESENTER_FILE] },
      to: { path: WIRE_FILE, pathNot: '^src/platform/' },
    },
  ),
];

const SIDE_RULES = [
  rule(
    'ui-stays-in-browser',
    'screens import #kernel, #stats, #web, wire doors (#room/api), browser doors (#room/ui) and their own ui/',
    {
      from: { path: BROWSER_FILE, pathNot: TEST_FILE },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(kernel|stats)/',
          '^src/web/',
          '^src/[^/]+/ui/',
          '^src/([^/]+|platform/[^/]+)/api\\.ts$',
          '-wire\\.ts$',
          '^src/main/[^/]+\\.css$',
        ],
      },
    },
  ),
  rule('ui-knows-no-node', 'nothing of Node is in the browser', {
    from: { path: [BROWSER_FILE, WIRE_FILE], pathNot: TEST_FILE },
    to: { dependencyTypes: ['core'] },
  }),
  rule('browser-door-from-browser', 'server code never imports a screen', {
    from: { path: '^src/', pathNot: [BROWSER_FILE, TEST_FILE] },
    to: { path: ['^src/web/', '^src/[^/]+/ui/'] },
  }),
  rule('wire-is-isomorphic', 'a wire contract runs on both sides: it imports #kernel, other wire doors and the schema library', {
    from: { path: [WIRE_FILE], pathNot: [TEST_FILE, '^src/client/'] },
    to: { path: '^src/', pathNot: ['^src/kernel/', WIRE_FILE, '/errors\\.ts$', '^src/platform/http/'] },
  }),
  rule('client-reads-wire-doors', 'the client knows the server only by its wire contracts', {
    from: { path: '^src/client/', pathNot: TEST_FILE },
    to: { path: '^src/', pathNot: ['^src/(client|kernel)/', '^src/([^/]+|platform/[^/]+)/api\\.ts$'] },
  }),
  rule('main-web-reads-browser-doors', 'src/main/web.tsx mounts screens: #web and #room/ui', {
    from: { path: '^src/main/web\\.tsx$' },
    to: { path: '^src/', pathNot: [...BROWSER_DOORS, '^src/kernel/', '\\.css$'] },
  }),
];

const HYGIENE_RULES = [
  rule('no-cycles', 'two files that need each other are one file, or a third one is missing; type imports count', {
    from: {},
    to: { circular: true },
  }),
  rule('no-prod-to-test', 'production code never imports test support', {
    from: { path: '^src/', pathNot: TEST_FILE },
    to: { path: [TEST_FILE, OUTSIDE] },
  }),
  rule('not-to-unresolvable', 'this import leads nowhere: mend the path, or add the package to package.json', {
    from: {},
    to: { couldNotResolve: true },
  }),
  rule('no-orphans', 'nothing imports this file and it imports nothing: delete it, or use it', {
    from: {
      orphan: true,
      path: '^src/',
      pathNot: [TEST_FILE, '-(worker|process)\\.ts$', '^src/main/(cli|web)\\.tsx?$', '/(index|api|errors)\\.ts$'],
    },
    to: {},
  }),
  rule(
    'not-to-dev-dep',
    'the published package does not bring devDependencies; use a dependency, or move the code to tests or screens',
    {
      from: { path: '^src/', pathNot: [TEST_FILE, BROWSER_FILE] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm-peer', 'npm'] },
    },
  ),
  rule('npm-declared', 'import only packages that package.json names', {
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  }),
];

/** Every package is allowed in the places of the table only; a package that the table does not name is allowed nowhere. */
function npmRules(): readonly Rule[] {
  const packages = [...new Set(NPM_PLACES.flatMap((place) => place.packages))];
  const inFolder = (name: string): string => `node_modules/${name.replace('/', '\\/')}/`;
  const placed = packages.map((name) =>
    rule(
      `npm-place-${name.replace(/^@/, '').replace('/', '-')}`,
      `"${name}" is used in its places only (NPM_PLACES in test/architecture/graph.ts)`,
      {
        from: {
          path: '^src/',
          pathNot: [TEST_FILE, ...NPM_PLACES.filter((place) => place.packages.includes(name)).map((place) => place.place)],
        },
        to: { path: inFolder(name) },
      },
    ),
  );
  const unnamed = rule(
    'npm-place',
    'this package has no place in NPM_PLACES (test/architecture/graph.ts); a new dependency needs an ADR and a place',
    {
      from: { path: '^src/', pathNot: TEST_FILE },
      to: { ...NPM, pathNot: packages.map(inFolder) },
    },
  );
  return [...placed, unnamed];
}

/** Every rule of the house, each with advice. */
export const RULES: readonly Rule[] = [
  ...GRAPH_RULES,
  ...DOOR_RULES,
  ...PURITY_RULES,
  ...SIDE_RULES,
  ...HYGIENE_RULES,
  ...npmRules(),
];
