import { GyreError } from '#kernel';
import type { Check, CheckRule } from './check.ts';

/** What one check found in a table. */
export interface CheckFinding {
  readonly check: Check;
  readonly breaches: number;
  /** First row that breaks it, from 0, and what it holds. */
  readonly firstRow: number;
  readonly value: string;
}

/** Refuses rows that break a check declared to fail. Throws `data/check-failed` with one problem a check. */
export function failOnBreach(dataset: string, findings: readonly CheckFinding[]): void {
  const failed = findings.filter((finding) => finding.check.onBreach === 'fail');
  const [first] = failed;
  if (first === undefined) return;
  const problems = failed.map((finding) => ({
    pointer: `/columns/${finding.check.rule.column}/${String(finding.firstRow)}`,
    code: 'data/check-failed',
    detail: describe(finding),
  }));
  throw new GyreError({
    kind: 'unprocessable',
    code: 'data/check-failed',
    message: `dataset "${dataset}" refuses the rows: ${describe(first)}`,
    problems,
    help: 'mend the rows, or declare "onBreach: quarantine" to set such rows aside',
  });
}

function describe({ check, breaches, firstRow, value }: CheckFinding): string {
  const rows = breaches === 1 ? 'one row breaks' : `${String(breaches)} rows break`;
  return `${rows} check "${check.name}" (${describeRule(check.rule)}), first row ${String(firstRow + 1)} with ${value}`;
}

/** Writes a rule for people. */
export function describeRule(rule: CheckRule): string {
  switch (rule.kind) {
    case 'not-null':
      return `${rule.column} is not missing`;
    case 'between':
      return `${rule.column} is between ${String(rule.low ?? 'anything')} and ${String(rule.high ?? 'anything')}`;
    case 'in':
      return `${rule.column} is one of ${rule.values.slice(0, 5).join(', ')}${rule.values.length > 5 ? ', …' : ''}`;
    case 'matches':
      return `${rule.column} matches ${rule.pattern}`;
    case 'greater-than':
      return `${rule.column} is greater than ${rule.other}`;
    case 'unique':
      return `${rule.column} does not repeat`;
  }
}
