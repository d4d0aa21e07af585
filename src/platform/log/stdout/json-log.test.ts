import { describe, expect, test } from 'vitest';
import { createManualClock } from '#platform/clock';
import type { LogLevel } from '#platform/log';
import { createJsonLog } from '#platform/log/stdout';

function collect(level: LogLevel): { readonly log: ReturnType<typeof createJsonLog>; readonly lines: () => unknown[] } {
  const texts: string[] = [];
  const log = createJsonLog({ level, clock: createManualClock(1000), write: (line) => texts.push(line) });
  return { log, lines: () => texts.map((text) => JSON.parse(text) as unknown) };
}

describe('the JSON log', () => {
  test('leaves out what is below its level', () => {
    const { log, lines } = collect('warn');
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log.write(level, level);
    expect(lines()).toEqual(['warn', 'error'].map((level) => ({ time: '1970-01-01T00:00:01.000Z', level, message: level })));
  });

  test('writes errors, big integers and numbers that JSON lacks', () => {
    const { log, lines } = collect('info');
    log.write('error', 'x', { error: new TypeError('bad'), big: 2n ** 60n, loss: Number.NaN });
    expect(lines()).toMatchObject([{ error: { name: 'TypeError', message: 'bad' }, big: '1152921504606846976', loss: 'NaN' }]);
  });

  test('never throws, not even for fields that turn in a circle', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const { log, lines } = collect('info');
    log.write('info', 'round', circle);
    expect(lines()).toMatchObject([{ message: 'round', fields: 'have no JSON form' }]);
  });
});
