import type { Migration } from '#platform/sql';

/**
 * Keys of changes that were asked for once. `state` goes from `running` to `committed` in the transaction of the change itself,
 * and to `done` when the answer is kept.
 */
export const idempotencyMigration: Migration = {
  number: 15,
  name: 'http-idempotency-keys',
  statements: (types) => [
    `CREATE TABLE http_idempotency_keys (
      scope ${types.text} NOT NULL,
      idempotency_key ${types.text} NOT NULL,
      request_digest ${types.text} NOT NULL,
      holder ${types.text} NOT NULL,
      state ${types.text} NOT NULL,
      status ${types.int},
      headers ${types.text},
      body ${types.text},
      created_at_ms ${types.int} NOT NULL,
      PRIMARY KEY (scope, idempotency_key)
    )`,
    'CREATE INDEX http_idempotency_keys_age ON http_idempotency_keys (created_at_ms)',
  ],
};
