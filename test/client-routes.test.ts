import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clientSource, exportedRoutes, GENERATED_FILE } from '../scripts/generate-client.ts';

test('the client knows every route as its contract says (else run: node --conditions=source scripts/generate-client.ts)', async () => {
  const routes = await exportedRoutes();

  expect(routes.length).toBeGreaterThan(5);
  expect(readFileSync(new URL(`../${GENERATED_FILE}`, import.meta.url), 'utf8')).toBe(clientSource(routes));
});
