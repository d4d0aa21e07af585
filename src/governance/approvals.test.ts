import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntryInput } from '#platform/audit';
import { createManualClock, createSequentialIds } from '#platform/clock';
import { digestOfBytes } from '#platform/digest';
import type { EventInput } from '#platform/events';
import { runMigrations, type SqlDatabase, type SqlTx } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import type { ApprovalDesk } from '#registry';
import { createApprovalDesk, decideApproval, POLICY_PRINCIPAL } from './approval-desk-sql.ts';
import { requireApproval } from './approval-store-sql.ts';
import { governanceMigrations } from './migrations.ts';

let database: SqlDatabase;
let desk: ApprovalDesk;
let told: EventInput[];
let audited: AuditEntryInput[];

const ports = () => ({
  clock: createManualClock(1000),
  ids: createSequentialIds(),
  events: { append: (_tx: SqlTx, event: EventInput) => Promise.resolve(told.push(event)) },
  audit: { append: (_tx: SqlTx, entry: AuditEntryInput) => Promise.resolve(audited.push(entry)) },
});

beforeEach(async () => {
  database = await openSqlite({ folder: ':memory:' });
  await runMigrations(database, governanceMigrations);
  [told, audited] = [[], []];
  // Approvals only ever append to the log and to the audit.
  desk = createApprovalDesk(ports() as unknown as Parameters<typeof createApprovalDesk>[0]);
});

afterEach(() => database.close());

const model = digestOfBytes('model');

function ask(approval: 'automatic' | 'required') {
  return database.transaction((tx) =>
    desk.request(tx, {
      projectId: 'p1',
      action: 'serving.rollout',
      resource: 'model-version:churn:2',
      digests: { model },
      requestedBy: 'service:loop',
      why: 'turn 2',
      key: `turn-${approval}`,
      data: { approval, turnId: 't2' },
    }),
  );
}

describe('an approval', () => {
  it('waits for a person where the request says so, and is given by the policy elsewhere', async () => {
    expect((await ask('required')).state).toBe('waiting');
    expect(await ask('automatic')).toMatchObject({ state: 'approved', decidedBy: POLICY_PRINCIPAL });
    expect(audited.map((entry) => [entry.actor, entry.action])).toEqual([[POLICY_PRINCIPAL, 'governance.approved']]);
  });

  it('is the same when it is asked for twice by one key', async () => {
    const [first, again] = [await ask('required'), await ask('required')];
    expect(again.id).toBe(first.id);
    expect(told).toHaveLength(1);
  });

  it('is decided once', async () => {
    const { id } = await ask('automatic');
    const decideAgain = database.transaction(async (tx) =>
      decideApproval(ports() as unknown as Parameters<typeof decideApproval>[0], tx, {
        approval: await requireApproval(tx, id),
        state: 'rejected',
        actor: 'ann',
        reason: 'no',
      }),
    );
    await expect(decideAgain).rejects.toThrow('approved by policy:automatic already');
  });

  it('is not found from another project, so that a right there decides nothing here', async () => {
    const { id } = await ask('required');
    await expect(database.read((tx) => requireApproval(tx, id, 'p2'))).rejects.toThrow('there is no approval');
    expect((await database.read((tx) => requireApproval(tx, id, 'p1'))).resource).toBe('model-version:churn:2');
  });

  it('is void once a digest it is bound to has changed, and stays it', async () => {
    const { id } = await ask('automatic');
    const stateWith = (digest: string) => database.transaction((tx) => desk.state(tx, id, { model: digestOfBytes(digest) }));

    expect((await stateWith('model')).state).toBe('approved');
    expect(await stateWith('other')).toMatchObject({ state: 'void', reason: 'void: the digest of its model has changed' });
    expect((await stateWith('model')).state).toBe('void');
  });
});
