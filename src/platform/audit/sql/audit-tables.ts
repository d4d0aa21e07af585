import type { Migration } from '#platform/sql';

/** Tables of the audit log. */
export interface AuditTables {
  audit_head: { log: string; size: number; frontier: string };
  audit_entry: {
    sequence: number;
    at_ms: number;
    actor: string;
    action: string;
    project_id: string | null;
    resource: string;
    outcome: 'done' | 'refused';
    reason: string | null;
    request_id: string | null;
    data: string | null;
    format: number;
    leaf_hash: string;
  };
}

/** Version of the hashed form of an entry. */
export const ENTRY_FORMAT = 1;

/** Name of the one head row. */
export const LOG_NAME = 'main';

/** Brings the tables of the audit log; numbers 5 to 9. */
export const auditMigrations: readonly Migration[] = [
  {
    number: 5,
    name: 'audit-log',
    statements: ({ text, int }) => [
      `CREATE TABLE audit_head (log ${text} PRIMARY KEY, size ${int} NOT NULL, frontier ${text} NOT NULL)`,
      `CREATE TABLE audit_entry (
        sequence ${int} PRIMARY KEY,
        at_ms ${int} NOT NULL,
        actor ${text} NOT NULL,
        action ${text} NOT NULL,
        project_id ${text},
        resource ${text} NOT NULL,
        outcome ${text} NOT NULL,
        reason ${text},
        request_id ${text},
        data ${text},
        format ${int} NOT NULL,
        leaf_hash ${text} NOT NULL
      )`,
      'CREATE INDEX audit_entry_project ON audit_entry (project_id, sequence)',
      'CREATE INDEX audit_entry_resource ON audit_entry (resource, sequence)',
      `INSERT INTO audit_head (log, size, frontier) VALUES ('${LOG_NAME}', 0, '[]')`,
    ],
  },
];
