import type { SqlTx } from '#platform/sql';
import type { ObservedEndpoint } from './endpoint.ts';
import { observedOf, type StoredReport } from './observed-endpoint.ts';
import type { EndpointReport, ServingReport } from './serving-report.ts';

interface ReportRow {
  endpoint: string;
  revision: number;
  plane: string;
  report: string;
  reported_at_ms: number;
}

interface ReportTables {
  serving_reports: ReportRow;
  serving_losses: { plane: string; n_rows: number; reported_at_ms: number };
}

/** Stored reports carry a version, so that a later program can still read them. */
const REPORT_VERSION = 1;

/** Keeps a report: what a plane said before of the same revision is replaced, because its counters only grow. */
export async function writeReport(tx: SqlTx, report: ServingReport, nowMs: number): Promise<void> {
  const db = tx.tables<ReportTables>();
  for (const endpoint of report.endpoints) {
    const row = {
      endpoint: endpoint.endpoint,
      revision: endpoint.revision,
      plane: report.plane,
      report: JSON.stringify({ version: REPORT_VERSION, ...endpoint }),
      reported_at_ms: nowMs,
    };
    await db
      .insertInto('serving_reports')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['endpoint', 'revision', 'plane']).doUpdateSet({ report: row.report, reported_at_ms: nowMs }),
      )
      .execute();
  }
  if (report.lostPredictions === 0) return;
  const loss = { plane: report.plane, n_rows: report.lostPredictions, reported_at_ms: nowMs };
  await db
    .insertInto('serving_losses')
    .values(loss)
    .onConflict((conflict) => conflict.column('plane').doUpdateSet(loss))
    .execute();
}

/** Reads what an endpoint was last reported to serve. */
export async function readObserved(tx: SqlTx, endpoint: string): Promise<ObservedEndpoint> {
  const rows = await tx
    .tables<ReportTables>()
    .selectFrom('serving_reports')
    .select('revision')
    .where('endpoint', '=', endpoint)
    .orderBy('reported_at_ms', 'desc')
    .orderBy('revision', 'desc')
    .limit(1)
    .execute();
  return readObservedRevision(tx, endpoint, rows[0]?.revision ?? 0);
}

/** Reads what was reported of one revision of an endpoint. */
export async function readObservedRevision(tx: SqlTx, endpoint: string, revision: number): Promise<ObservedEndpoint> {
  const rows = await tx
    .tables<ReportTables>()
    .selectFrom('serving_reports')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .where('revision', '=', revision)
    .execute();
  return observedOf(endpoint, revision, rows.map(storedReport));
}

/** Counts the predictions that were lost because the log was full, over all planes. */
export async function readLostPredictions(tx: SqlTx): Promise<number> {
  const rows = await tx.tables<ReportTables>().selectFrom('serving_losses').select('n_rows').execute();
  return rows.reduce((sum, row) => sum + row.n_rows, 0);
}

function storedReport(row: ReportRow): StoredReport {
  // Written by writeReport of this or an older version.
  return { report: JSON.parse(row.report) as EndpointReport, reportedAtMs: row.reported_at_ms };
}
