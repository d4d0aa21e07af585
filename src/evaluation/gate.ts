import type { Action, Digest, Estimate, Verdict } from '#kernel';

/** Numbers of a gate, from section `gates` of the project file, defaults filled in. */
export interface GateRules {
  /** Name of the gate in the project file. */
  readonly name: string;
  readonly objective: {
    readonly name: string;
    readonly metric: string;
    readonly direction: 'maximize' | 'minimize';
    readonly target: number;
  };
  /** Confidence level of every interval that decides, in (0, 1). */
  readonly level: number;
  /** How much worse, in the metric's unit, still counts as not worse; ≥ 0. */
  readonly margin: number;
  /** Days of evidence below which nothing is decided. */
  readonly minimumDays: number;
  /** Rows of evidence below which nothing is decided. */
  readonly minimumRows: number;
  /** Age beyond which a champion may be replaced by one that is not worse. */
  readonly maximumChampionAgeMs: number;
}

/** What a gate looks at; whatever is missing is left out and makes the gate undecided. */
export interface GateEvidence {
  readonly challenger: { readonly modelDigest: string; readonly value: Estimate };
  /** The served model on the same rows, when there is one; its age is NaN when it is not known. */
  readonly champion?: { readonly modelDigest: string; readonly value: Estimate; readonly ageMs: number };
  /** The simplest model on the same rows; it takes the champion's place when there is none. */
  readonly baseline?: { readonly modelDigest: string; readonly value: Estimate };
  /** Challenger minus champion (or baseline, without a champion), paired on the same rows. */
  readonly difference?: Estimate;
  readonly nRows: number;
  /** UTC days of the rows. */
  readonly nDays: number;
}

/** One line of a decision. */
export interface GateReason {
  /** Such as `superior`, `non-inferior`, `rows`. */
  readonly rule: string;
  /** Whether the verdict follows from this line, or only mentions it. */
  readonly weight: 'decides' | 'informs';
  readonly verdict: Verdict;
  /** What was looked at, as an estimate; exact numbers have equal ends. */
  readonly value: Estimate;
  /** What it was held against, in the unit of the value. */
  readonly threshold: number;
  /** Rows behind the value. */
  readonly n: number;
  /** What was found, in words. */
  readonly text: string;
  /** What would have turned the verdict round, in words. */
  readonly flip: string;
  /** JSON pointer into the project file to the number that was applied. */
  readonly pointer: string;
}

/** What a gate decided and why. */
export interface GateDecision {
  readonly gate: string;
  readonly verdict: Verdict;
  readonly action: Action;
  /** One sentence. */
  readonly summary: string;
  readonly reasons: readonly GateReason[];
}

/** A decision as it was stored, with all it takes to make it again: `decideGate(evidence, rules)` gives the same. */
export interface GateDecisionRecord {
  readonly id: string;
  readonly projectId: string;
  readonly evaluationId: string;
  readonly rules: GateRules;
  /** Digest of the rules: the policy that was applied. */
  readonly rulesDigest: Digest;
  readonly evidence: GateEvidence;
  readonly evidenceDigest: Digest;
  readonly decision: GateDecision;
  readonly decidedAtMs: number;
  /** Business time at which the champion's age was taken. */
  readonly businessAtMs: number;
}
