import { Copyable, countText, DataTable, EstimateText, Missing, numberText, SentenceText, StatusMark } from '#web';
import type { StageBody } from '../api.ts';
import { DecisionDigests } from './decision-digests.tsx';
import { gateReasons, type ReasonFacts, wordsOf } from './evidence.ts';

/** Shows each line of the gate's decision: rule, value, what it was held against, verdict, and what would turn it round. */
export function GateEvidence({ stage }: { readonly stage: StageBody }) {
  const reasons = gateReasons(stage.evidence);
  if (reasons.length === 0) return null;
  return (
    <>
      <ReasonsTable caption="Reasons of the gate" reasons={reasons} />
      <DecisionDigests evidence={stage.evidence} />
    </>
  );
}

/** Shows reasons as a table. */
export function ReasonsTable({ caption, reasons }: { readonly caption: string; readonly reasons: readonly ReasonFacts[] }) {
  const hasFlip = reasons.some((reason) => reason.flip !== '');
  return (
    <DataTable
      caption={caption}
      rows={reasons}
      keyOf={(reason) => reason.rule}
      columns={[
        { head: 'Rule', isName: true, cell: (reason) => <RuleCell reason={reason} /> },
        { head: 'Verdict', cell: (reason) => <StatusMark word={reason.verdict} /> },
        { head: 'Value', isNumber: true, cell: (reason) => <ValueCell reason={reason} /> },
        { head: 'Held against', isNumber: true, cell: (reason) => thresholdText(reason) },
        { head: 'n', isNumber: true, cell: (reason) => (Number.isFinite(reason.n) ? countText(reason.n) : '–') },
        {
          head: 'Found',
          cell: (reason) => (
            <span className="wrap">
              <SentenceText text={reason.text} />
            </span>
          ),
        },
        ...(hasFlip
          ? [{ head: 'Would turn it round', cell: (reason: ReasonFacts) => <span className="wrap">{reason.flip}</span> }]
          : []),
      ]}
    />
  );
}

function RuleCell({ reason }: { readonly reason: ReasonFacts }) {
  return (
    <>
      {reason.pointer === '' ? (
        wordsOf(reason.rule)
      ) : (
        <Copyable text={reason.pointer} tooltip={`${reason.pointer} of the project file`} noun="pointer">
          {wordsOf(reason.rule)}
        </Copyable>
      )}
      {reason.weight === 'informs' && <span className="meta line">only informs</span>}
    </>
  );
}

function ValueCell({ reason }: { readonly reason: ReasonFacts }) {
  const { value } = reason;
  if (value === undefined || Number.isNaN(value.value)) return <Missing reason="there is no such number yet" />;
  return <EstimateText estimate={value} isSigned={isDifference(reason.rule)} />;
}

function isDifference(rule: string): boolean {
  return ['superior', 'non-inferior', 'interval'].includes(rule);
}

function thresholdText(reason: ReasonFacts): string {
  return Number.isFinite(reason.threshold) ? numberText(reason.threshold) : '–';
}
