import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { GyreError } from '#kernel';
import { type AuditLog, createCheckpointSchedule } from '#platform/audit';
import { createMemoryLog } from '#platform/log';

function countingAudit(outcome: () => void): { readonly audit: AuditLog; readonly count: () => number } {
  let count = 0;
  const refuse = (): never => {
    throw new Error('the schedule asks for checkpoints only');
  };
  const checkpoint = async () => {
    count += 1;
    outcome();
    return { size: count, rootHash: '', note: '' };
  };
  return { count: () => count, audit: { append: refuse, read: refuse, verify: refuse, checkpoint } };
}

describe('the schedule of checkpoints', () => {
  test('signs at the start, at every interval and at the end, and not afterwards', async () => {
    const { audit, count } = countingAudit(() => undefined);
    const schedule = createCheckpointSchedule({ audit, log: createMemoryLog(), everyMs: 10 });
    schedule.start();
    expect(count()).toBe(1);
    for (let i = 0; i < 200 && count() < 3; i += 1) await delay(5);
    expect(count()).toBeGreaterThanOrEqual(3);
    await schedule.stop();
    const atEnd = count();
    await delay(40);
    expect(count()).toBe(atEnd);
  });

  test('tells a failure and goes on', async () => {
    const log = createMemoryLog();
    const { audit } = countingAudit(() => {
      throw new GyreError({ kind: 'precondition-failed', code: 'audit/forked', message: 'no' });
    });
    const schedule = createCheckpointSchedule({ audit, log });
    schedule.start();
    await schedule.stop();
    expect(log.lines.map((line) => [line.level, line.fields['code']])).toEqual([
      ['error', 'audit/forked'],
      ['error', 'audit/forked'],
    ]);
  });
});
