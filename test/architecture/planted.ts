import { forbiddenRooms, NPM_PLACES, ROOMS } from './graph.ts';

/** A small tree that breaks one rule, and the file that breaks it. */
export interface Planted {
  readonly culprit: string;
  readonly files: Readonly<Record<string, string>>;
}

const CLEAN: Readonly<Record<string, string>> = {
  'src/kernel/index.ts': "export { id } from './id.ts';\n",
  'src/kernel/id.ts': 'export const id = 1;\n',
  'src/platform/clock/index.ts': "export type { Clock } from './clock.ts';\n",
  'src/platform/clock/clock.ts': 'export interface Clock { nowMs(): number }\n',
  'src/platform/clock/system/index.ts':
    "import { hrtime } from 'node:process';\nimport type { Clock } from '../clock.ts';\nexport const clock: Clock = { nowMs: () => Number(hrtime.bigint()) };\n",
  'src/tracking/index.ts': "export { run } from './run.ts';\nexport { rows } from './run-sql.ts';\n",
  'src/tracking/run.ts':
    "import { id } from '#kernel';\nimport type { Clock } from '#platform/clock';\nexport const run = (clock: Clock) => id + clock.nowMs();\n",
  'src/tracking/run-sql.ts': "import { readFileSync } from 'node:fs';\nexport const rows = readFileSync;\n",
  'src/tracking/api.ts': "import { Type } from 'typebox';\nexport const runs = Type.String();\n",
  'src/tracking/commands.ts': 'export const trackingCommands = 1;\n',
  'src/tracking/ui/index.ts': "import { runs } from '../api.ts';\nexport const page = runs;\n",
  'src/registry/index.ts': "import { run } from '#tracking';\nexport const model = run;\n",
  'src/client/index.ts': "import { runs } from '#tracking/api';\nexport const client = runs;\n",
  'src/demo/index.ts': "import { client } from '#client';\nexport const demo = client;\n",
  'src/main/cli.ts':
    "import { clock } from '#platform/clock/system';\nimport { demo } from '#demo';\nimport { model } from '#registry';\nexport const cli = [clock, demo, model, import('#tracking/commands')];\n",
  'src/main/web.tsx': "import { page } from '#tracking/ui';\nexport const web = page;\n",
};

const door = 'export const thing = 1;\n';

function breaks(culprit: string, text: string, others: Readonly<Record<string, string>> = {}): Planted {
  return { culprit, files: { ...others, [culprit]: text } };
}

/** For every room: a type-only import of the first room that it may not know. */
const GRAPH = Object.fromEntries(
  ROOMS.flatMap((room) => {
    const [stranger] = forbiddenRooms(room);
    if (stranger === undefined) return [];
    const text = `import type { thing } from '#${stranger}';\nexport type Copy = typeof thing;\n`;
    return [[`${room.name}-upstream`, breaks(`src/${room.name}/noun.ts`, text, { [`src/${stranger}/index.ts`]: door })]];
  }),
);

const DOORS: Readonly<Record<string, Planted>> = {
  'slice-door': breaks('src/registry/model.ts', "import { thing } from '../tracking/run.ts';\nexport const copy = thing;\n", {
    'src/tracking/run.ts': door,
  }),
  'slice-door-main': breaks('src/main/cli.ts', "import { thing } from '../tracking/run.ts';\nexport const copy = thing;\n", {
    'src/tracking/run.ts': door,
  }),
  'slice-door-outside': breaks(
    'test/journey.test.ts',
    "import { thing } from '../src/tracking/run.ts';\nexport const copy = thing;\n",
    {
      'src/tracking/run.ts': door,
    },
  ),
  'platform-door': breaks('src/platform/log/log.ts', "import { thing } from '../clock/clock.ts';\nexport const copy = thing;\n", {
    'src/platform/clock/clock.ts': door,
  }),
  'adapters-only-from-main': breaks(
    'src/tracking/run-sql.ts',
    "import { thing } from '#platform/clock/system';\nexport const copy = thing;\n",
    {
      'src/platform/clock/system/index.ts': door,
    },
  ),
  'adapters-only-from-their-port': breaks(
    'src/platform/log/log.ts',
    "import { thing } from '#platform/clock/system';\nexport const copy = thing;\n",
    {
      'src/platform/clock/system/index.ts': door,
    },
  ),
  'border-needs-alias': breaks(
    'src/tracking/run.ts',
    "import { thing } from '../kernel/index.ts';\nexport const copy = thing;\n",
    {
      'src/kernel/index.ts': door,
    },
  ),
  'border-needs-alias-platform': breaks(
    'src/platform/log/log.ts',
    "import { thing } from '../clock/index.ts';\nexport const copy = thing;\n",
    {
      'src/platform/clock/index.ts': door,
    },
  ),
};

const PURITY: Readonly<Record<string, Planted>> = {
  'kernel-imports-nothing': breaks(
    'src/kernel/id.ts',
    "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID;\n",
  ),
  'stats-imports-only-kernel': breaks('src/stats/mean.ts', "import { cpus } from 'node:os';\nexport const mean = cpus;\n"),
  'domain-does-no-io': breaks(
    'src/tracking/run.ts',
    "import { readFileSync } from 'node:fs';\nexport const run = readFileSync;\n",
  ),
  'domain-calls-no-adapter': breaks('src/tracking/run.ts', "import { thing } from './run-sql.ts';\nexport const run = thing;\n", {
    'src/tracking/run-sql.ts': door,
  }),
  'domain-knows-no-platform': breaks(
    'src/tracking/run.ts',
    "import { thing } from '#platform/clock';\nexport const run = thing;\n",
    {
      'src/platform/clock/index.ts': door,
    },
  ),
  'domain-knows-no-wire': breaks(
    'src/tracking/run.ts',
    "import type { thing } from './api.ts';\nexport type Run = typeof thing;\n",
    { 'src/tracking/api.ts': door },
  ),
};

const SIDES: Readonly<Record<string, Planted>> = {
  'ui-stays-in-browser': breaks(
    'src/tracking/ui/run-page.tsx',
    "import { thing } from '../run-sql.ts';\nexport const page = thing;\n",
    {
      'src/tracking/run-sql.ts': door,
    },
  ),
  'ui-knows-no-node': breaks('src/web/button.tsx', "import { cpus } from 'node:os';\nexport const button = cpus;\n"),
  'browser-door-from-browser': breaks(
    'src/registry/routes.ts',
    "import { thing } from '#tracking/ui';\nexport const copy = thing;\n",
    {
      'src/tracking/commands.ts': 'export const trackingCommands = 1;\n',
      'src/tracking/ui/index.ts': door,
    },
  ),
  'wire-is-isomorphic': breaks('src/registry/api.ts', "import { thing } from '#tracking';\nexport const copy = thing;\n", {
    'src/tracking/index.ts': door,
  }),
  'client-reads-wire-doors': breaks(
    'src/client/index.ts',
    "import type { thing } from '#tracking';\nexport type Copy = typeof thing;\n",
    {
      'src/tracking/index.ts': door,
    },
  ),
  'main-web-reads-browser-doors': breaks(
    'src/main/web.tsx',
    "import { thing } from '#tracking/api';\nexport const copy = thing;\n",
    {
      'src/tracking/api.ts': door,
    },
  ),
};

const HYGIENE: Readonly<Record<string, Planted>> = {
  'no-cycles': breaks('src/tracking/metric.ts', "import type { Run } from './run.ts';\nexport interface Metric { run: Run }\n", {
    'src/tracking/run.ts': "import type { Metric } from './metric.ts';\nexport interface Run { metric: Metric }\n",
  }),
  'no-prod-to-test': breaks('src/tracking/run.ts', "import { thing } from './run.fixtures.ts';\nexport const run = thing;\n", {
    'src/tracking/run.fixtures.ts': door,
  }),
  'not-to-unresolvable': breaks('src/tracking/run.ts', "import { thing } from './nowhere.ts';\nexport const run = thing;\n"),
  'no-orphans': breaks('src/tracking/lonely.ts', door),
  'not-to-dev-dep': breaks('src/tracking/run-sql.ts', "import fc from 'fast-check';\nexport const run = fc;\n"),
  'npm-declared': breaks('src/tracking/run-sql.ts', "import { load } from 'pino';\nexport const run = load;\n"),
};

const unplaced = 'src/stats/mean.ts';

const PLACES = Object.fromEntries([
  ...[...new Set(NPM_PLACES.flatMap((place) => place.packages))].map((name) => [
    `npm-place-${name.replace(/^@/, '').replace('/', '-')}`,
    breaks(unplaced, `import * as copy from '${name}';\nexport const thing = copy;\n`),
  ]),
  ['npm-place', breaks('src/tracking/run-sql.ts', "import { build } from 'vite';\nexport const run = build;\n")],
]) as Readonly<Record<string, Planted>>;

/** One small tree per rule, by the name of the rule; `clean` breaks none. */
export const PLANTED: Readonly<Record<string, Planted>> = {
  clean: { culprit: '', files: CLEAN },
  ...GRAPH,
  ...DOORS,
  ...PURITY,
  ...SIDES,
  ...HYGIENE,
  ...PLACES,
};
