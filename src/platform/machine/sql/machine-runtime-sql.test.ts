import { createManualClock, createSequentialIds } from '#platform/clock';
import { createMemoryLog } from '#platform/log';
import { createMachineRuntime, machineMigrations } from '#platform/machine/sql';
import { runMigrations, type SqlDatabase } from '#platform/sql';
import { openSqlite } from '#platform/sql/sqlite';
import { describeMachineRuntime } from '../machine.contract.ts';
import type { MachineHouse } from '../machine.fixtures.ts';
import { describeMachineRecovery } from '../machine-recovery.contract.ts';
import { describeMachineReplay } from '../machine-replay.contract.ts';

/** A store that a killed process can no longer reach. */
function severable(database: SqlDatabase): { readonly database: SqlDatabase; sever(): void } {
  let isSevered = false;
  const check = (): void => {
    if (isSevered) throw new Error('this process is dead');
  };
  return {
    database: {
      dialect: database.dialect,
      read: async (work) => {
        check();
        return database.read(work);
      },
      transaction: async (work) => {
        check();
        return database.transaction(async (tx) => {
          const value = await work(tx);
          check();
          return value;
        });
      },
      close: () => database.close(),
    },
    sever: () => {
      isSevered = true;
    },
  };
}

const openHouse = async (): Promise<MachineHouse> => {
  const database = await openSqlite({ folder: ':memory:' });
  await runMigrations(database, machineMigrations);
  const clock = createManualClock(1_790_000_000_000);
  const ids = createSequentialIds();
  const business = { nowMs: 1_500_000_000_000 };
  return {
    database,
    clock,
    business,
    runtime: (options = {}) => {
      const line = severable(database);
      const machines = createMachineRuntime({
        database: line.database,
        clock,
        ids,
        businessNowMs: async () => business.nowMs,
        log: createMemoryLog(),
        ownerId: ids.next(),
        ...options,
      });
      return { machines, crash: line.sever };
    },
    close: () => database.close(),
  };
};

describeMachineRuntime('the machine runtime on SQLite', openHouse);
describeMachineRecovery('the machine runtime on SQLite', openHouse);
describeMachineReplay('the machine runtime on SQLite', openHouse);
