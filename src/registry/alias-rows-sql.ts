import { type SqlBool, sql } from 'kysely';
import { parseDigest } from '#kernel';
import type { SqlTx } from '#platform/sql';
import type { Alias, AliasMove } from './model-version.ts';
import type { MoveRow, RegistryTables } from './tables.ts';

/** Reads the last move of one alias, or undefined when it was never set. */
export async function lastMove(tx: SqlTx, modelId: string, alias: string): Promise<MoveRow | undefined> {
  return tx
    .tables<RegistryTables>()
    .selectFrom('registry_alias_moves')
    .selectAll()
    .where('model_id', '=', modelId)
    .where('alias', '=', alias)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Reads the last move of every alias of some models. */
export async function currentMoves(tx: SqlTx, modelIds: readonly string[]): Promise<readonly MoveRow[]> {
  return tx
    .tables<RegistryTables>()
    .selectFrom('registry_alias_moves as move')
    .selectAll()
    .where('model_id', 'in', modelIds)
    .where(
      sql<SqlBool>`move.version = (SELECT MAX(later.version) FROM registry_alias_moves AS later
        WHERE later.model_id = move.model_id AND later.alias = move.alias)`,
    )
    .orderBy('alias')
    .execute();
}

/** Reads every move of a model's aliases, newest first. */
export async function listMoves(tx: SqlTx, modelId: string, alias: string | undefined): Promise<readonly MoveRow[]> {
  const select = tx.tables<RegistryTables>().selectFrom('registry_alias_moves').selectAll().where('model_id', '=', modelId);
  // Within one alias the count of moves is the order, whatever the clock did.
  if (alias !== undefined) return select.where('alias', '=', alias).orderBy('version', 'desc').execute();
  return select.orderBy('moved_at_ms', 'desc').orderBy('version', 'desc').orderBy('alias').execute();
}

/** Makes the state of an alias of its last move. */
export function aliasOf(model: string, alias: string, move: MoveRow | undefined): Alias {
  return {
    model,
    alias,
    number: move?.to_number ?? undefined,
    version: move?.version ?? 0,
    sinceMs: move?.business_at_ms,
  };
}

/** Makes a move of its row. */
export function moveOf(model: string, row: MoveRow): AliasMove {
  return {
    model,
    alias: row.alias,
    version: row.version,
    from: row.from_number ?? undefined,
    to: row.to_number ?? undefined,
    fromDigest: row.from_digest === null ? undefined : parseDigest(row.from_digest),
    toDigest: row.to_digest === null ? undefined : parseDigest(row.to_digest),
    actor: row.actor,
    why: row.why,
    movedAtMs: row.moved_at_ms,
    businessAtMs: row.business_at_ms,
  };
}
