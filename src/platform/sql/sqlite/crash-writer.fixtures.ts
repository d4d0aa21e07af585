/**
 * A process of its own that writes until it is killed: `crash-writer.fixtures.ts FOLDER FIRST_ID [FAILPOINT]`. It says
 * each row on stdout once the store has acknowledged it.
 */
import { writeSync } from 'node:fs';
import { argv } from 'node:process';
import { createFailpoints, PLATFORM_FAILPOINTS } from '#platform/failpoint';
import { openSqlite } from '#platform/sql/sqlite';

const [, , folder = '', firstId = '0', spec] = argv;
const failpoints = createFailpoints({
  spec,
  known: PLATFORM_FAILPOINTS,
  crash: () => process.kill(process.pid, 'SIGKILL'),
});
const database = await openSqlite({ folder, failpoints });
let nextId = Number(firstId);

async function writeForEver(): Promise<void> {
  for (;;) {
    nextId += 1;
    const id = nextId;
    await database.transaction(async (tx) => {
      await tx.insertMany({ table: 'half', columns: ['id'], rows: [[id]] });
      await tx.insertMany({ table: 'other', columns: ['id'], rows: [[id]] });
    });
    writeSync(1, `${String(id)}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, writeForEver));
