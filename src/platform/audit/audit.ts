import type { JsonObject } from '#kernel';
import type { SqlTx } from '#platform/sql';

/** One audited act, as its slice reports it. Ids and digests, never personal data or secrets. */
export interface AuditEntryInput {
  /** Principal id: `local-owner`, `service:loop`, `token:…`. */
  readonly actor: string;
  /** `<slice>.<verb>`, such as `registry.move-alias`. */
  readonly action: string;
  /** Undefined for acts on the whole server. */
  readonly projectId?: string;
  /** What it was done to: `model-version:flights:3`. */
  readonly resource: string;
  readonly outcome: 'done' | 'refused';
  /** Why, in words or by reference to a rule. */
  readonly reason?: string;
  readonly requestId?: string;
  /** Digests and values before and after, and other facts. */
  readonly data?: JsonObject;
}

/** An audited act with its place in the chain. */
export interface AuditEntry extends AuditEntryInput {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Wall time, milliseconds since 1970 UTC. */
  readonly atMs: number;
  /** RFC 6962 leaf hash over the canonical entry, hex. */
  readonly leafHash: string;
}

/** A signed statement about the whole log up to a size (C2SP tlog-checkpoint text form, Ed25519). */
export interface AuditCheckpoint {
  readonly size: number;
  /** RFC 6962 tree hash, base64. */
  readonly rootHash: string;
  /** The signed note, as text. */
  readonly note: string;
}

/** What a verification found. */
export type AuditVerification =
  | { readonly ok: true; readonly entries: number; readonly checkpoints: number; readonly rootHash: string }
  | { readonly ok: false; readonly entries: number; readonly atSequence: number; readonly reason: string };

/**
 * The audit log.
 *
 * Laws (`audit.contract.ts`): an entry exists if and only if its transaction committed; sequence has no gaps; two
 * writers never fork the tree; `verify` finds every edit, deletion, insertion, swap, and a tail cut behind the last checkpoint.
 */
export interface AuditLog {
  /** Appends in the caller's transaction and returns the sequence. */
  append(tx: SqlTx, entry: AuditEntryInput): Promise<number>;
  /** Reads entries, newest first; `before` is exclusive. */
  read(
    tx: SqlTx,
    query: { readonly projectId?: string; readonly resource?: string; readonly before?: number; readonly limit: number },
  ): Promise<readonly AuditEntry[]>;
  /** Signs the present tree and keeps the checkpoint outside the database; does nothing when the newest one covers it. */
  checkpoint(): Promise<AuditCheckpoint>;
  /** Recomputes the tree from the entries and holds it against every kept checkpoint. */
  verify(): Promise<AuditVerification>;
}
