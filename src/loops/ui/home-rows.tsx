import type { Estimate } from '#kernel';
import { fromWireNumber } from '#kernel';
import {
  countText,
  DataTable,
  DigestText,
  EstimateText,
  Gauge,
  latencyText,
  Missing,
  numberText,
  ScreenLink,
  Sparkline,
  type SparkPoint,
  StatusMark,
  TimeText,
} from '#web';
import type { HomeRowBody } from '../api.ts';
import { turnPath } from './navigation.ts';

type Objective = NonNullable<HomeRowBody['objective']>;

/** Shows one row per endpoint: status, objective against target, history, traffic, and what changed last. */
export function HomeRows({ rows }: { readonly rows: readonly HomeRowBody[] }) {
  return (
    <DataTable
      caption="Served models"
      rows={rows}
      keyOf={keyOf}
      columns={[
        { head: 'Model → endpoint', isName: true, cell: (row) => <ModelCell row={row} /> },
        { head: 'Status', cell: (row) => <HealthCell row={row} /> },
        { head: 'Objective', cell: (row) => <ObjectiveCell row={row} /> },
        { head: 'History', cell: (row) => <HistoryCell row={row} /> },
        { head: 'Traffic', isNumber: true, cell: (row) => <TrafficCell row={row} /> },
        { head: 'Changed', cell: (row) => <ChangedCell row={row} /> },
      ]}
    />
  );
}

function keyOf(row: HomeRowBody): string {
  return `${row.project}/${row.endpoint}`;
}

function ModelCell({ row }: { readonly row: HomeRowBody }) {
  return (
    <>
      <span className="one-line">
        <strong>{row.model}</strong> {row.version === undefined ? '' : `v${String(row.version)}`} → {row.endpoint}
      </span>
      <span className="meta line one-line">
        {row.project}
        {row.servedDigest !== undefined && (
          <>
            {' · '}
            <DigestText digest={row.servedDigest} />
          </>
        )}
      </span>
    </>
  );
}

function HealthCell({ row }: { readonly row: HomeRowBody }) {
  return (
    <>
      <StatusMark word={row.health} />
      <span className="meta line reason">{row.reason}</span>
    </>
  );
}

function ObjectiveCell({ row }: { readonly row: HomeRowBody }) {
  const { objective } = row;
  if (objective === undefined) return <Missing reason="no loop of the project file binds this endpoint to an objective" />;
  const estimate = estimateOf(objective);
  if (estimate === undefined) {
    return (
      <>
        <span className="one-line">
          <span className="mono">{objective.metric}</span> <Missing reason={objective.source} /> {boundText(objective)}
        </span>
        <span className="meta line">{objective.source}</span>
      </>
    );
  }
  return (
    <>
      <span className="one-line">
        <span className="mono">{objective.metric}</span> <EstimateText estimate={estimate} /> {boundText(objective)}
      </span>
      <Gauge name={objective.metric} estimate={estimate} target={objective.target} direction={objective.direction} />
      <span className="meta line">{objective.source}</span>
    </>
  );
}

function estimateOf({ value }: Objective): Estimate | undefined {
  if (value === undefined) return undefined;
  return { ...value, value: fromWireNumber(value.value), low: fromWireNumber(value.low), high: fromWireNumber(value.high) };
}

function boundText({ direction, target }: Objective): string {
  return `${direction === 'minimize' ? '≤' : '≥'} ${numberText(target)}`;
}

function HistoryCell({ row }: { readonly row: HomeRowBody }) {
  return (
    <Sparkline
      points={pointsOf(row)}
      target={row.objective?.target}
      noun="window"
      name={`${row.objective?.metric ?? 'objective'} of ${row.model}`}
    />
  );
}

function pointsOf(row: HomeRowBody): readonly SparkPoint[] {
  return row.history.map((point) => ({ label: point.at, value: point.value, low: point.low, high: point.high }));
}

function TrafficCell({ row }: { readonly row: HomeRowBody }) {
  return (
    <>
      {countText(row.requests)} <span className="meta">requests</span>
      <span className="meta line">
        {row.latencyP99Ms === undefined ? 'no latency yet' : `p99 ${latencyText(row.latencyP99Ms)}`}
      </span>
    </>
  );
}

function ChangedCell({ row }: { readonly row: HomeRowBody }) {
  const { lastTurn } = row;
  return (
    <>
      <span className="clamp">
        {lastTurn === undefined ? (
          row.changed
        ) : (
          <ScreenLink path={turnPath(row.project, lastTurn.number)}>{row.changed}</ScreenLink>
        )}
      </span>
      {row.changedAt !== undefined && (
        <span className="meta line">
          <TimeText time={row.changedAt} isRelative />
        </span>
      )}
    </>
  );
}

/** Shows the same history as the small lines, in numbers. */
export function HistoryTable({ rows }: { readonly rows: readonly HomeRowBody[] }) {
  const points = rows.flatMap((row) => row.history.map((point) => ({ row, point })));
  return (
    <section>
      <h2>History in numbers</h2>
      <DataTable
        caption="Objective by window"
        rows={points}
        keyOf={({ row, point }) => `${keyOf(row)}/${point.at}`}
        columns={[
          { head: 'Model', isName: true, cell: ({ row }) => `${row.model} → ${row.endpoint}` },
          { head: 'Window to', cell: ({ point }) => <TimeText time={point.at} /> },
          { head: 'Value', isNumber: true, cell: ({ point }) => numberText(point.value) },
          { head: 'Low', isNumber: true, cell: ({ point }) => endText(point.low) },
          { head: 'High', isNumber: true, cell: ({ point }) => endText(point.high) },
        ]}
      />
    </section>
  );
}

function endText(end: number | undefined): string {
  return end === undefined ? '–' : numberText(end);
}
