import type { LatencySummary, ObservedDeployment, ObservedEndpoint } from './endpoint.ts';
import { addLatencyCounts, latencyQuantileMs } from './latency-buckets.ts';
import type { DeploymentReport, EndpointReport } from './serving-report.ts';

/** One stored report of one data plane. */
export interface StoredReport {
  readonly report: EndpointReport;
  readonly reportedAtMs: number;
}

/**
 * Adds up what several data planes, or one that was restarted, reported of one revision of an endpoint.
 *
 * @param endpoint - Name.
 * @param revision - Revision the reports are of; 0 for none.
 * @param reports - Any number; the newest tells what is served and what failed.
 * @returns The sum.
 */
export function observedOf(endpoint: string, revision: number, reports: readonly StoredReport[]): ObservedEndpoint {
  const byTime = [...reports].sort((a, b) => a.reportedAtMs - b.reportedAtMs);
  const newest = byTime.at(-1);
  const names = newest?.report.deployments.map((deployment) => deployment.name) ?? [];
  return {
    endpoint,
    revision,
    failure: newest?.report.failure,
    reportedAtMs: newest?.reportedAtMs,
    deployments: names.flatMap((name) => {
      const parts = byTime.flatMap(({ report }) => report.deployments.filter((deployment) => deployment.name === name));
      return sumOf(parts);
    }),
  };
}

function sumOf(parts: readonly DeploymentReport[]): readonly ObservedDeployment[] {
  const newest = parts.at(-1);
  if (newest === undefined) return [];
  const total = (pick: (part: DeploymentReport) => number): number => parts.reduce((sum, part) => sum + pick(part), 0);
  const latencyCounts = parts.reduce<readonly number[]>((sum, part) => addLatencyCounts(sum, part.latencyCounts), []);
  return [
    {
      name: newest.name,
      servedDigest: newest.servedDigest,
      requests: total((part) => part.requests),
      errors: total((part) => part.errors),
      rows: total((part) => part.rows),
      scoreSum: total((part) => part.scoreSum),
      scoreSquareSum: total((part) => part.scoreSquareSum),
      latencyCounts,
      latency: summarizeLatency(latencyCounts),
      lastAnsweredAtMs: parts.map((part) => part.lastAnsweredAtMs).findLast((atMs) => atMs !== undefined),
    },
  ];
}

function summarizeLatency(counts: readonly number[]): LatencySummary {
  return { p50Ms: latencyQuantileMs(counts, 0.5), p99Ms: latencyQuantileMs(counts, 0.99) };
}
