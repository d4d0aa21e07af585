import { defineConfig } from 'vitest/config';

/** `#tracking` and the like lead to `src/`, as `node --conditions=source` has it. */
const conditions = ['source', 'module', 'node', 'development|production'];

const shared = {
  environment: 'node',
  pool: 'forks',
  execArgv: ['--conditions=source'],
  restoreMocks: true,
} as const;

const suite = (name: string, include: readonly string[], timeoutMs: number) => ({
  extends: true as const,
  test: {
    ...shared,
    execArgv: [...shared.execArgv],
    name,
    include: [...include],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    teardownTimeout: 10_000,
  },
});

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'] } },
  test: {
    maxWorkers: 2,
    passWithNoTests: false,
    projects: [
      suite('rooms', ['src/**/*.test.ts', 'src/**/*.test.tsx'], 20_000),
      suite('house', ['test/*.test.ts'], 60_000),
      suite('journeys', ['test/*/**/*.test.ts', 'bench/**/*.test.ts'], 240_000),
    ],
  },
});
