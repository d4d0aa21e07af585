import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { clientSource, exportedRoutes, GENERATED_FILE, REFERENCE_FILE, referencePage } from '../scripts/generate-client.ts';

const routes = await exportedRoutes();
const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

// When one of these fails: node --conditions=source scripts/generate-client.ts
describe('what is written from the contracts', () => {
  test('are all routes of every wire door', () => {
    expect(routes.length).toBeGreaterThan(40);
  });

  test('is the client', () => {
    expect(read(GENERATED_FILE)).toBe(clientSource(routes));
  });

  test('is the reference page', () => {
    expect(read(REFERENCE_FILE)).toBe(referencePage(routes));
  });
});
