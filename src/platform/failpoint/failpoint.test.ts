import { describe, expect, test } from 'vitest';
import { createFailpoints, NO_FAILPOINTS, PLATFORM_FAILPOINTS } from '#platform/failpoint';

describe('failpoints', () => {
  test('crash at the named hit and at no other', async () => {
    let crashes = 0;
    const failpoints = createFailpoints({ spec: 'sql/before-commit:3', known: PLATFORM_FAILPOINTS, crash: () => (crashes += 1) });
    const seen: number[] = [];
    for (const name of ['sql/before-commit', 'sql/after-commit', 'sql/before-commit', 'sql/before-commit', 'sql/before-commit']) {
      await failpoints.hit(name);
      seen.push(crashes);
    }
    expect(seen).toEqual([0, 0, 0, 1, 1]);
  });

  test('stand still without a name', () => {
    expect(createFailpoints({ spec: '', known: PLATFORM_FAILPOINTS, crash: () => undefined })).toBe(NO_FAILPOINTS);
  });

  test.each(['sql/before-comit', 'sql/before-commit:0', 'sql/before-commit:x'])('refuse the name %s', (spec) => {
    expect(() => createFailpoints({ spec, known: PLATFORM_FAILPOINTS, crash: () => undefined })).toThrow(/names no failpoint/);
  });
});
