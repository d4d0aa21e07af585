import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS, toWireJson } from '#kernel';
import { digestOfBytes, digestOfJson } from '#platform/digest';
import { decideGate } from './decide-gate.ts';
import { aLogistic, aPrior, aRequest, BUSINESS_NOW_MS, type EvaluationBench, openEvaluation } from './evaluations.fixtures.ts';

const good = aLogistic('signal', 8);
const weak = aLogistic('noise', 1);
const prior = aPrior(0.4);

let bench: EvaluationBench;
beforeAll(async () => {
  bench = await openEvaluation();
});
afterAll(() => bench.close());

test('a model is judged in a child process and the evaluation is stored with its digests', async () => {
  const request = await aRequest(bench.blobs, [good, weak, prior], { runId: 'r1', sliceColumns: ['region'] });
  const evaluation = await bench.evaluation.evaluateModel(request);
  expect(evaluation.report).toMatchObject({ nRows: 1140, nDays: 12, worstSlice: { level: 'west' } });
  expect(evaluation.report.metrics.roc_auc.value).toBeGreaterThan(0.75);
  expect(evaluation.report.comparisons.map((comparison) => comparison.against)).toEqual(['champion', 'baseline']);
  expect(evaluation.report.comparisons[1]?.reference.roc_auc).toMatchObject({ value: 0.5 });
  expect(evaluation.report.metrics.ece.low).toBeNaN();
  expect(evaluation.specDigest).toBe(digestOfJson(evaluation.spec));
  expect(evaluation.reportDigest).toBe(digestOfJson(toWireJson(evaluation.report)));
  expect(await bench.read((tx) => bench.evaluation.findEvaluation(tx, evaluation.id))).toEqual(evaluation);
  expect(bench.told.at(-1)).toMatchObject({ topic: 'evaluation.model-evaluated', entityId: evaluation.id });
  expect(bench.logged['r1.test_roc_auc']).toEqual(evaluation.report.metrics.roc_auc);
});

test('without being told, intervals are as sure as the surest gate asks, and every column of text is sliced', async () => {
  const { spec, report } = await bench.evaluation.evaluateModel(await aRequest(bench.blobs, [good, weak, prior]));
  expect(spec).toMatchObject({ level: 0.99, sliceColumns: 'categories' });
  expect(report.slices.map((slice) => slice.column)).toEqual(['region']);
});

test('the same question is answered from the store, also for another run', async () => {
  const request = await aRequest(bench.blobs, [good, weak, prior], { runId: 'r2', sliceColumns: ['region'] });
  const [started, told] = [bench.started(), bench.told.length];
  const evaluation = await bench.evaluation.evaluateModel(request);
  expect([bench.started(), bench.told.length]).toEqual([started, told]);
  expect(bench.logged['r2.test_roc_auc']).toEqual(evaluation.report.metrics.roc_auc);
});

test('a guard that throws keeps the evaluation out of the store', async () => {
  const guard = () => Promise.reject(new Error('lease lost'));
  const request = await aRequest(bench.blobs, [good], { seed: 99, guard });
  await expect(bench.evaluation.evaluateModel(request)).rejects.toThrow('lease lost');
  const { items } = await bench.read((tx) => bench.evaluation.listEvaluations(tx, { projectId: 'p1' }));
  expect(items.map((evaluation) => evaluation.spec.seed)).not.toContain(99);
});

test('what the child process refuses comes out under its own name', async () => {
  const none = { split: 'test', fromMs: 900 * DAY_MS, toMs: 901 * DAY_MS };
  const judge = async (parts: object, models = [good]) =>
    bench.evaluation.evaluateModel(await aRequest(bench.blobs, models, parts));
  await expect(judge({ rows: none })).rejects.toMatchObject({ kind: 'unprocessable', code: 'evaluation/no-rows' });
  await expect(judge({ sliceColumns: ['x'] })).rejects.toMatchObject({ code: 'evaluation/no-slice-column' });
  await expect(judge({}, [aLogistic('absent', 1)])).rejects.toMatchObject({ code: 'training/bad-input' });
  const { digest } = await bench.blobs.put(new TextEncoder().encode('no model'));
  await expect(judge({ modelDigest: digest })).rejects.toMatchObject({ code: 'training/bad-model' });
  await expect(judge({ modelDigest: digestOfBytes('nowhere') })).rejects.toMatchObject({ code: 'blobs/not-found' });
  await expect(judge({ seed: 77, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'evaluation/cancelled' });
});

async function decideOn(evaluationId: string, parts: object = {}) {
  return bench.write((tx) =>
    bench.evaluation.decide(tx, { projectId: 'p1', gate: 'churn', evaluationId, actor: 'service:loop', ...parts }),
  );
}

test('a gate decides on a stored evaluation; evidence and rules give the same decision again', async () => {
  const evaluation = await bench.evaluation.evaluateModel(await aRequest(bench.blobs, [good, weak, prior]));
  const champion = { championSinceMs: BUSINESS_NOW_MS - 10 * DAY_MS, championDigest: evaluation.spec.references[0]?.modelDigest };
  const record = await decideOn(evaluation.id, champion);
  expect(record.decision).toMatchObject({ verdict: 'pass', action: 'promote' });
  expect(record.evidence.champion?.ageMs).toBe(10 * DAY_MS);
  const stored = await bench.read((tx) => bench.evaluation.findDecision(tx, record.id));
  expect(stored).toEqual(record);
  expect(decideGate(stored.evidence, stored.rules)).toEqual(stored.decision);
  expect(bench.told.at(-1)).toMatchObject({ topic: 'evaluation.gate-decided', data: { action: 'promote' } });
  expect(bench.audited.at(-1)).toMatchObject({
    actor: 'service:loop',
    action: 'evaluation.decide-gate',
    data: { rulesDigest: record.rulesDigest, evidenceDigest: record.evidenceDigest, modelDigest: evaluation.spec.modelDigest },
  });
});

test('without a champion the comparison with the baseline decides', async () => {
  const evaluation = await bench.evaluation.evaluateModel(await aRequest(bench.blobs, [good, weak, prior]));
  const record = await decideOn(evaluation.id);
  expect(record.evidence.champion).toBeUndefined();
  expect(record.decision.summary).toContain('better than the baseline');
});

test('a champion that the evaluation did not compare with leaves the gate undecided', async () => {
  const evaluation = await bench.evaluation.evaluateModel(await aRequest(bench.blobs, [good, weak, prior]));
  const other = await decideOn(evaluation.id, { championSinceMs: 0, championDigest: digestOfBytes('another') });
  expect(other.decision).toMatchObject({ verdict: 'undecided', action: 'hold' });
  const alone = await bench.evaluation.evaluateModel(await aRequest(bench.blobs, [good]));
  expect((await decideOn(alone.id, { championSinceMs: 0 })).decision.verdict).toBe('undecided');
  expect((await decideOn(alone.id)).decision.verdict).toBe('undecided');
});

test('the numbers of the project file are applied, and the shipped ones where it has none', async () => {
  const evaluation = await bench.evaluation.evaluateModel(await aRequest(bench.blobs, [good, weak, prior]));
  const strict = await decideOn(evaluation.id, { gate: 'strict' });
  expect(strict.rules).toMatchObject({
    minimumDays: 30,
    margin: 0,
    level: 0.99,
    minimumRows: 1000,
    maximumChampionAgeMs: 90 * DAY_MS,
  });
  expect(strict.decision.verdict).toBe('undecided');
  await expect(decideOn(evaluation.id, { gate: 'chrun' })).rejects.toThrow('did you mean "churn"?');
  await expect(decideOn('none')).rejects.toMatchObject({ code: 'evaluation/not-found' });
});

test('deciding twice with one key gives the same record and tells nothing again', async () => {
  const evaluation = await bench.evaluation.evaluateModel(await aRequest(bench.blobs, [good, weak, prior]));
  const first = await decideOn(evaluation.id, { key: 'turn-1' });
  const told = [bench.told.length, bench.audited.length];
  expect(await decideOn(evaluation.id, { key: 'turn-1', gate: 'strict' })).toEqual(first);
  expect([bench.told.length, bench.audited.length]).toEqual(told);
});

test('the routes give evaluations and decisions, newest first, page by page', async () => {
  const evaluation = await bench.evaluation.evaluateModel(await aRequest(bench.blobs, [good, weak, prior]));
  const record = await decideOn(evaluation.id);
  const params = { project: 'churn', evaluation: evaluation.id, decision: record.id };
  expect(await bench.call('evaluation.getEvaluation', { params })).toMatchObject({
    spec: { rows: { split: 'test', from: '1970-01-01T00:00:00.000Z' } },
    report: { metrics: { ece: { low: 'NaN' } } },
  });
  expect(await bench.call('evaluation.getGateDecision', { params })).toMatchObject({ action: 'promote', gate: 'churn' });
  const first = await bench.call('evaluation.listGateDecisions', { params, query: { limit: 1, evaluation: evaluation.id } });
  expect(first).toMatchObject({ items: [{ id: record.id }], nextCursor: expect.any(String) as unknown });
  const list = await bench.call('evaluation.listEvaluations', { params, query: { modelDigest: evaluation.spec.modelDigest } });
  expect(list).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ id: evaluation.id })]) as unknown });
  const missing = { params: { ...params, evaluation: 'none', decision: 'none' } };
  await expect(bench.call('evaluation.getEvaluation', missing)).rejects.toMatchObject({ code: 'evaluation/not-found' });
  await expect(bench.call('evaluation.getGateDecision', missing)).rejects.toMatchObject({
    code: 'evaluation/decision-not-found',
  });
});
