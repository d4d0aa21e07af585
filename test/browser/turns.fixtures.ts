import type { HomeBody, StageBody, TurnBody } from '#loops/api';
import type { ProjectBody } from '#projects/api';
import type { StubWorld } from './stub-server.ts';

const STARTED_MS = Date.parse('2026-11-20T08:00:00Z');
const NAMES = ['trigger', 'data', 'training', 'gate', 'approval', 'rollout', 'verification'] as const;

/** A digest whose hex digits repeat a pattern: readable in failures. */
export function aDigest(pattern: string): string {
  return `sha256:${pattern.repeat(64).slice(0, 64)}`;
}

function time(minutes: number): string {
  return new Date(STARTED_MS + minutes * 60_000).toISOString();
}

const difference = { value: 0.0121, low: 0.0069, high: 0.0173, level: 0.95, n: 68_120, method: 'day-bootstrap(14 days)' };

function reason(rule: string, verdict: string, part: object): object {
  return {
    rule,
    weight: 'decides',
    verdict,
    value: difference,
    threshold: 0,
    n: 68_120,
    text: '',
    flip: '',
    pointer: `/gates/flights/${rule}`,
    ...part,
  };
}

const exactly = (value: number) => ({ value, low: value, high: value, level: 0.95, n: 68_120, method: 'exact' });

const GATE_EVIDENCE = {
  gate: 'flights',
  verdict: 'pass',
  action: 'promote',
  summary: 'promote: better than the champion: roc_auc +0.012 ± 0.005',
  decisionId: '0193a7e2c3d47000800000000000d1ec',
  evaluationId: '0193a7e2c3d47000800000000000e7a1',
  rulesDigest: aDigest('7c04'),
  evidenceDigest: aDigest('b81d'),
  reasons: [
    reason('superior', 'pass', {
      text: 'better than the champion: roc_auc +0.012 ± 0.005',
      flip: 'a gain smaller by 0.0069',
    }),
    reason('non-inferior', 'pass', {
      threshold: -0.005,
      text: 'not worse than the champion within the margin 0.005: roc_auc +0.012 ± 0.005',
      flip: 'a gain smaller by 0.0119',
    }),
    reason('champion-below-objective', 'undecided', {
      value: { ...difference, value: 0.6512, low: 0.6471, high: 0.6553 },
      threshold: 0.65,
      text: 'the champion may or may not reach its objective: roc_auc 0.651 ± 0.004, target 0.65',
      flip: 'about 80 000 rows',
    }),
    reason('rows', 'pass', {
      value: exactly(68_120),
      threshold: 1000,
      text: '68120 rows of evidence; at least 1000 are asked for',
      flip: 'fewer than 1000 rows',
    }),
    reason('days', 'pass', {
      value: exactly(14),
      threshold: 10,
      text: '14 days of evidence; at least 10 are asked for',
      flip: 'fewer than 10 days',
    }),
    reason('objective', 'pass', {
      weight: 'informs',
      value: { ...difference, value: 0.6633, low: 0.6593, high: 0.6673 },
      threshold: 0.65,
      text: 'the challenger reaches the objective: roc_auc 0.663 ± 0.004, target 0.65',
      flip: 'a target above 0.6593',
    }),
  ],
};

const GUARD = (rule: string, value: number, threshold: number, text: string) => ({
  rule,
  verdict: 'pass',
  value,
  threshold,
  n: 1204,
  text,
});

function guards(weight: number, minute: number): object {
  return {
    atMs: STARTED_MS + minute * 60_000,
    businessAtMs: Date.parse('2001-04-19T00:00:00Z') + minute * 3_600_000,
    weight,
    action: 'promote',
    reasons: [
      GUARD('errors', 0, 0.01, 'no error in 1 204 requests; the control had none in 10 912'),
      GUARD('latency-p99', 1.84, 50, 'p99 1.8 ms; at most 50 ms'),
      GUARD('score-shift', 0.031, 0.1, 'mean score 0.031 standard deviations away from the control'),
    ],
  };
}

const EVIDENCE: Readonly<Record<(typeof NAMES)[number], Record<string, unknown>>> = {
  trigger: { monitor: 'weekly', subject: 'performance:roc_auc', alertId: '0193a7e2c3d47000800000000000a1e7' },
  data: {
    ingest: {
      text: 'cut at 2001-04-19T00:00Z: departures version 2, 271 302 rows; arrivals version 2, 268 911 rows',
      datasets: [
        { dataset: 'departures', number: 2, digest: aDigest('41fa'), rows: 271_302, quarantined: 0, reasons: {} },
        {
          dataset: 'arrivals',
          number: 2,
          digest: aDigest('9e22'),
          rows: 268_911,
          quarantined: 1243,
          reasons: { 'wrapped-delay': 1243 },
        },
      ],
    },
    features: { text: '271 302 moments with 10 features, 266 870 of them labelled by the cut' },
  },
  training: {
    train: {
      candidates: [
        candidate('prior', 4, { validationLoss: 0.4821, durationMs: 40, sizeBytes: 812 }),
        candidate('logistic', 5, { validationLoss: 0.4612, durationMs: 2_310, sizeBytes: 4_120 }),
        candidate('gbt', 6, { validationLoss: 0.4389, durationMs: 14_820, sizeBytes: 402_118 }),
      ],
      best: candidate('gbt', 6, { validationLoss: 0.4389, durationMs: 14_820, sizeBytes: 402_118 }),
      text: '3 candidates trained; best on validation: gbt (run 6, log loss 0.4389)',
    },
    evaluate: { text: 'roc_auc 0.663 ± 0.004 on 68120 test rows of 14 days; 0.012 ± 0.005 against the champion, paired' },
    register: { text: 'registered as flights version 2, digest 3c3c…3c' },
    package: { text: 'model.onnx, 318 KiB' },
  },
  gate: GATE_EVIDENCE,
  approval: { by: 'policy:automatic', policy: 'automatic', approvalId: '0193a7e2c3d47000800000000000ab01' },
  rollout: { steps: [10, 50, 100], decisions: [guards(10, 24), guards(50, 48), guards(100, 72)] },
  verification: { servedDigest: aDigest('3c'), text: 'endpoint "flights" answers with digest 3c3c…3c' },
};

function candidate(
  kind: string,
  runNumber: number,
  cost: { readonly validationLoss: number; readonly durationMs: number; readonly sizeBytes: number },
): object {
  const runId = `0193a7e2c3d470008000000000000${String(runNumber).padStart(3, '0')}`;
  return { kind, runId, runNumber, modelDigest: aDigest(`${String(runNumber)}c`), ...cost };
}

const TEXTS: Readonly<Record<(typeof NAMES)[number], string>> = {
  trigger: 'roc_auc fell below its objective in the week to 2001-04-18: 0.642 ± 0.006, target 0.65',
  data: 'cut at 2001-04-19T00:00Z: departures version 2, 271 302 rows; arrivals version 2, 268 911 rows (1 243 in quarantine: wrapped-delay)',
  training:
    '3 candidates trained; best on validation: gbt (run 6, log loss 0.4389); roc_auc 0.663 ± 0.004 on 68 120 test rows of 14 days',
  gate: 'promote: better than the champion: roc_auc +0.012 ± 0.005',
  approval: 'approved by the policy "automatic"',
  rollout: '10 % promote → 50 % promote → 100 % promote: no error in 1 204 requests; p99 1.8 ms; score shift 0.03',
  verification: 'endpoint "flights" answers with digest 3c3c…3c',
};

const FUTURE: Readonly<Record<string, string>> = {
  gate: 'the gate of the project file decides by its written numbers',
  approval: 'the policy approves, or a person does',
  rollout: 'traffic moves in steps while guards hold',
  verification: 'the endpoint must answer with the digest that was promoted',
};

/** A turn that has come as far as a stage: the ones before are done, the later ones wait. */
export function aTurnAt(stage: (typeof NAMES)[number] | 'end', part: Partial<TurnBody> = {}): TurnBody {
  const at = stage === 'end' ? NAMES.length : NAMES.indexOf(stage);
  const stages = NAMES.map((name, index): StageBody => {
    if (index > at) return { stage: name, state: 'waiting', verdict: '', text: FUTURE[name] ?? '', evidence: {} };
    const begun = { stage: name, startedAt: time(index * 7), businessStartedAt: '2001-04-19T00:00:00.000Z' };
    if (index === at) return { ...begun, state: 'open', verdict: '', text: FUTURE[name] ?? 'is under way', evidence: {} };
    const span = { endedAt: time(index * 7 + 5), durationMs: 5 * 60_000 + index * 1700 };
    return { ...begun, ...span, state: 'done', verdict: 'pass', text: TEXTS[name], evidence: EVIDENCE[name] };
  });
  const isOver = stage === 'end';
  return {
    id: '0193a7e2c3d470008000000000007002',
    number: 2,
    project: 'flights',
    loop: 'keep-punctual',
    endpoint: 'flights',
    gate: 'flights',
    outcome: isOver ? 'promoted' : 'open',
    sentence: isOver
      ? 'flights version 2 was promoted: endpoint "flights" answers with digest 3c3c…3c'
      : `${TEXTS.trigger}. Now at ${stage}.`,
    trigger: { kind: 'alert', source: 'weekly', reason: TEXTS.trigger, businessAt: '2001-04-19T00:00:00.000Z' },
    absorbed: [
      {
        kind: 'schedule',
        source: 'keep-punctual',
        reason: 'the schedule of 28 days came due',
        businessAt: '2001-04-20T00:00:00.000Z',
      },
    ],
    stages,
    challenger: { model: 'flights', version: 2, digest: aDigest('3c') },
    champion: { model: 'flights', version: 1, digest: aDigest('a1') },
    ...(isOver ? { servedDigest: aDigest('3c'), endedAt: time(96), durationMs: 96 * 60_000 } : {}),
    pipelineRun: 2,
    rolloutId: '0193a7e2c3d4700080000000000f0110',
    startedAt: time(0),
    businessStartedAt: '2001-04-19T00:00:00.000Z',
    version: 1,
    ...part,
  };
}

/** The first turn: it was held, because there was too little evidence. */
export function aHeldTurn(): TurnBody {
  const whole = aTurnAt('end');
  const text = 'hold: 8 days of evidence; at least 10 are asked for';
  const stages = whole.stages.map((stage, index): StageBody => {
    if (index > 3) return { stage: stage.stage, state: 'never', verdict: '', text: '', evidence: {} };
    return stage.stage === 'gate' ? { ...stage, verdict: 'undecided', text } : stage;
  });
  return {
    ...whole,
    id: '0193a7e2c3d470008000000000007001',
    number: 1,
    outcome: 'held',
    sentence: `flights version 1 was held: ${text}`,
    trigger: { kind: 'manual', source: 'local-owner', reason: 'no model is served yet', businessAt: '2001-03-01T00:00:00.000Z' },
    absorbed: [],
    stages,
    startedAt: time(-3000),
  };
}

const PROJECT: ProjectBody = {
  id: 'p1',
  name: 'flights',
  clock: 'replay',
  businessNow: '2001-04-26T00:00:00.000Z',
  documentDigest: aDigest('d0c'),
  revision: 1,
  createdAt: time(-9000),
  updatedAt: time(-9000),
};

/** Home with four models, one of each health. */
export function aHome(): HomeBody {
  const value = { value: 0.6633, low: 0.6593, high: 0.6673, level: 0.95, n: 68_120, method: 'day-bootstrap(14 days)' };
  const objective = {
    name: 'punctuality',
    metric: 'roc_auc',
    direction: 'maximize',
    target: 0.65,
    value,
    source: 'week to 2001-04-25',
  };
  const history = [0.671, 0.668, 0.664, 0.659, 0.651, 0.642, 0.658, 0.663].map((point, index) => ({
    at: new Date(Date.parse('2001-03-07T00:00:00Z') + index * 7 * 86_400_000).toISOString(),
    value: point,
    low: point - 0.006,
    high: point + 0.006,
  }));
  const row = {
    project: 'flights',
    endpoint: 'flights',
    model: 'flights',
    version: 2,
    servedDigest: aDigest('3c'),
    health: 'healthy',
    reason: 'roc_auc 0.663 ± 0.004 reaches 0.65 in the week to 2001-04-25',
    objective,
    history,
    requests: 12_480,
    latencyP99Ms: 1.84,
    changed: 'turn 2 promoted: endpoint "flights" answers with digest 3c3c…3c',
    changedAt: time(96),
    lastTurn: {
      id: 't',
      number: 2,
      loop: 'keep-punctual',
      endpoint: 'flights',
      outcome: 'promoted',
      stage: 'verification',
      reason: '',
      trigger: 'alert',
      startedAt: time(0),
      businessStartedAt: time(0),
    },
  };
  return {
    rows: [
      row,
      {
        ...row,
        endpoint: 'cancellations',
        model: 'cancellations',
        version: 7,
        health: 'at risk',
        reason: 'log_loss 0.214 ± 0.011 may or may not stay below 0.22; 62 % of the labels are in',
        objective: {
          ...objective,
          metric: 'log_loss',
          direction: 'minimize',
          target: 0.22,
          value: { ...value, value: 0.2144, low: 0.2031, high: 0.2257 },
        },
        history: history.map((point, index) => ({
          ...point,
          value: 0.19 + index * 0.004,
          low: 0.18 + index * 0.004,
          high: 0.2 + index * 0.004,
        })),
        requests: 903,
      },
      {
        ...row,
        endpoint: 'demand',
        model: 'demand',
        version: 5,
        health: 'undecided',
        reason: 'n = 212, about 900 rows are needed',
        objective: { name: 'demand', metric: 'roc_auc', direction: 'maximize', target: 0.7, source: 'nothing measured yet' },
        history: [],
        requests: 212,
      },
      {
        ...row,
        endpoint: 'price',
        model: 'price',
        version: 3,
        health: 'failing',
        reason: 'errors 4.1 % above the guard of 1 % since 09:40',
        objective: { ...objective, value: { ...value, value: 0.6113, low: 0.6041, high: 0.6185 } },
        requests: 88_120,
        latencyP99Ms: 212,
      },
    ],
    needsYou: [
      {
        kind: 'approval',
        text: 'turn 3 of keep-prices waits for approval',
        project: 'flights',
        path: '/p/flights/turns/2',
        since: time(90),
      },
      {
        kind: 'alert',
        text: 'price: errors 4.1 %, guard 1 %',
        project: 'flights',
        path: '/p/flights/turns/2',
        since: time(80),
      },
    ],
    changed: [
      {
        at: time(96),
        project: 'flights',
        text: 'turn 2 promoted: endpoint "flights" answers with digest 3c3c…3c',
        path: '/p/flights/turns/2',
      },
      { at: time(0), project: 'flights', text: 'alert 4: roc_auc fell below its objective in the week to 2001-04-18' },
      {
        at: time(-3000),
        project: 'flights',
        text: 'turn 1 held: 8 days of evidence; at least 10 are asked for',
        path: '/p/flights/turns/1',
      },
    ],
  };
}

/** A whole world for a stub server. */
export function aWorld(part: Partial<StubWorld> = {}): StubWorld {
  return {
    home: aHome(),
    projects: [PROJECT],
    turns: new Map([
      [1, aHeldTurn()],
      [2, aTurnAt('end')],
    ]),
    loops: ['keep-punctual'],
    failure: undefined,
    refusal: undefined,
    ...part,
  };
}
