import type { Digest, JsonObject } from '#kernel';
import type { SqlTx } from '#platform/sql';

/** What an approval is asked for. It is bound to the digests: when one of them changes, the approval is void. */
export interface ApprovalRequest {
  readonly projectId: string;
  /** What shall be done: `registry.move-alias`, `serving.rollout`. */
  readonly action: string;
  /** What it is done to: `model-version:churn:3`. */
  readonly resource: string;
  /** By role: `model`, `frame`, `evaluation`, `decision`, `policy`, `code`. */
  readonly digests: Readonly<Record<string, Digest>>;
  /** Who asks: a principal id. */
  readonly requestedBy: string;
  /** Why, in words. */
  readonly why: string;
  /** Asking twice with one key in one project gives the same request. */
  readonly key: string;
  /** Facts for the one who decides. */
  readonly data?: JsonObject;
}

/** Where an approval stands. */
export interface ApprovalState {
  readonly id: string;
  readonly state: 'waiting' | 'approved' | 'rejected' | 'void' | 'expired';
  /** Principal id of whoever decided; `policy:automatic` where the policy approves by itself. */
  readonly decidedBy: string | undefined;
  readonly decidedAtMs: number | undefined;
  readonly reason: string | undefined;
}

/**
 * Asks people, or the policy in their place, for approval. Declared here, implemented by governance, bound in `main`.
 *
 * Laws: a request is decided at most once; a decision never changes but to `void`, when a digest it is bound to has
 * changed; every decision is audited and announced as `governance.approval-decided` in its transaction.
 */
export interface ApprovalDesk {
  /** Asks for approval; the answer may be `approved` at once where the policy approves by itself. */
  request(tx: SqlTx, request: ApprovalRequest): Promise<ApprovalState>;
  /** Reads where an approval stands, given the digests of now: others than those it was bound to make it `void`. */
  state(tx: SqlTx, approvalId: string, digests: Readonly<Record<string, Digest>>): Promise<ApprovalState>;
}
