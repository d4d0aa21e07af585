import type { Migration } from '#platform/sql';

/** Tables of the event log. */
export interface EventTables {
  events_counter: { log: string; position: number };
  events_entry: {
    position: number;
    at_ms: number;
    topic: string;
    project_id: string | null;
    entity: string;
    entity_id: string;
    entity_version: number;
    data: string | null;
    format: number;
  };
  events_cursor: { consumer: string; position: number };
}

/** Version of the stored form of an entry. */
export const ENTRY_FORMAT = 1;

/** Name of the one counter row. */
export const LOG_NAME = 'main';

/** Brings the tables of the event log; numbers 1 to 4. */
export const eventMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'event-log',
    statements: (types) => [
      `CREATE TABLE events_counter (log ${types.text} PRIMARY KEY, position ${types.int} NOT NULL)`,
      `CREATE TABLE events_entry (
        position ${types.int} PRIMARY KEY,
        at_ms ${types.int} NOT NULL,
        topic ${types.text} NOT NULL,
        project_id ${types.text},
        entity ${types.text} NOT NULL,
        entity_id ${types.text} NOT NULL,
        entity_version ${types.int} NOT NULL,
        data ${types.text},
        format ${types.int} NOT NULL
      )`,
      'CREATE INDEX events_entry_topic ON events_entry (topic, position)',
      `CREATE TABLE events_cursor (consumer ${types.text} PRIMARY KEY, position ${types.int} NOT NULL)`,
      `INSERT INTO events_counter (log, position) VALUES ('${LOG_NAME}', 0)`,
    ],
  },
];
