import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServingReport } from './serving-report.ts';
import type { ServingSnapshot } from './serving-snapshot.ts';

/**
 * Answers inference requests, and nothing else. It learns what to serve only from snapshots and tells what it serves only by reports.
 *
 * Laws: `handle` never throws and touches neither a database nor a control-plane framework; a snapshot whose models cannot be
 * loaded leaves the endpoint on what it served before, and the report says so; a request that has begun is answered by the models it began with.
 */
export interface DataPlane {
  /** Answers a request when its path is one of ours (`/v2…`); returns false, having touched nothing, when it is not. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Loads what is missing, tries it, then switches; resolves when the endpoint answers with it, or cannot. */
  apply(snapshot: ServingSnapshot): Promise<void>;
  /** Tells what is served and how it goes. */
  report(): ServingReport;
  /** Makes everything logged so far durable. */
  flush(): Promise<void>;
  /** Says not ready to probes, then flushes; requests that still come are answered. */
  drain(): Promise<void>;
}
