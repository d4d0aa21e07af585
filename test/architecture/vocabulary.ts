/**
 * The closed vocabulary of files inside a room. A plain noun or verb (`model-version.ts`, `promote-model-version.ts`) is domain: pure, no IO,
 * no wire. Whatever talks to the world says so in its name. A new word is added here, with its meaning, in the commit that first uses it.
 */

/** Last word of the name of a file that does IO, and what it talks to. */
export const IO_SUFFIXES = {
  sql: 'the SQL port',
  store: 'a store: rows, blobs or both',
  duckdb: 'the DuckDB worker',
  worker: 'runs in a worker thread',
  process: 'runs in, or starts, a child process',
  file: 'the file system',
  http: 'HTTP, as caller',
  routes: 'HTTP, as server: parse, call the use case, present',
  commands: 'the command line',
  effects: 'effects of a state machine',
  runtime: 'an inference runtime',
  service: 'background work: timers, consumers, loops over a queue',
  listener: 'reacts to transitions of a machine, in their transaction',
  consumer: 'reacts to events, in the transaction of its cursor',
  slice: 'what the slice hands to the composition root',
} as const;

/** Whole names with a fixed meaning that do IO or touch the wire. */
export const IO_NAMES = [
  'index',
  'routes',
  'commands',
  'slice',
  'effects',
  'service',
  'store',
  'worker',
  'process',
  'consumers',
  'listeners',
  'migrations',
] as const;

/** Folders inside a room, and what is in them. */
export const FOLDERS = {
  ui: 'browser side of the slice',
  kernels: 'hot numeric loops, with a bench',
  migrations: 'schema changes, numbered across the repository',
  steps: 'built-in pipeline steps',
  runtimes: 'inference runtimes',
  mlflow: 'MLflow dialect',
  oip: 'Open Inference Protocol dialect',
} as const;

/** Folders of a room in which every file may do IO. */
export const IO_FOLDERS = ['steps', 'migrations', 'runtimes', 'mlflow', 'oip'] as const;

/** Infixes of test support: `x.test.ts`, `x.contract.ts`, `x.fixtures.ts`. */
export const TEST_INFIXES = ['test', 'contract', 'fixtures'] as const;

/** Words that say nothing about what a file is for. */
export const FORBIDDEN_WORDS = [
  'utils',
  'util',
  'helpers',
  'helper',
  'types',
  'common',
  'shared',
  'misc',
  'stuff',
  'legacy',
  'new',
  'old',
] as const;

/** Documents and data that may lie in a room. */
export const OTHER_FILES = /^(README\.md|[a-z0-9-]+\.rationale\.md|[a-z0-9-]+\.(css|html|svg|json|yaml|csv|proto))$/;

/** Matches test support. */
export const TEST_FILE = `\\.(${TEST_INFIXES.join('|')})\\.tsx?$`;

/** Matches a file of a room that does IO, by its name or folder. */
export const IO_FILE = [
  `-(${Object.keys(IO_SUFFIXES).join('|')})\\.ts$`,
  `/(${IO_NAMES.join('|')})\\.ts$`,
  `^src/[^/]+/(${IO_FOLDERS.join('|')})/`,
];

/** Matches a wire contract. */
export const WIRE_FILE = '(/api|-wire)\\.ts$';

/** Matches a presenter: it makes the wire form of domain things, without IO. */
export const PRESENTER_FILE = '-view\\.ts$';

/** Matches the browser side. */
export const BROWSER_FILE = '^src/(web/|[^/]+/ui/|main/web\\.tsx$)';
