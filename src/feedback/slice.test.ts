import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { columnOf, DAY_MS } from '#kernel';
import { aFeedbackHouse, type FeedbackHouse } from './feedback.fixtures.ts';

let house: FeedbackHouse;

beforeEach(async () => {
  house = await aFeedbackHouse();
});

afterEach(() => house.close());

const labels = (more: object = {}) =>
  house.platform.database.read((tx) => house.feedback.labelsFor(tx, { projectId: 'p', outcome: 'late', ...more }));
const left = 10 * DAY_MS;
const joined = (knownBeforeMs: number, toMs = left + 1) =>
  house.feedback.labelledPredictions({
    projectId: 'p',
    endpoint: 'late',
    outcome: 'late',
    fromMs: 0,
    toMs,
    knownBeforeMs,
    maturityMs: 5 * DAY_MS,
  });

describe('labels', () => {
  test('are read out of appended outcomes by the label expression', async () => {
    await house.append([
      { flight: 'a', left, known: left + 5, delay: 20 },
      { flight: 'b', left, known: left + 6, delay: 3 },
      { flight: 'c', left, known: left + 7, delay: null },
    ]);
    await house.feedback.settled();

    expect(await labels()).toEqual([
      { entityId: 'a', value: 1, eventMs: left, knownMs: left + 5 },
      { entityId: 'b', value: 0, eventMs: left, knownMs: left + 6 },
    ]);
  });

  test('are read by entity, by event time and as of a known time', async () => {
    await house.append([
      { flight: 'a', left, known: left + 5, delay: 20 },
      { flight: 'b', left: left + 100, known: left + 200, delay: 20 },
    ]);
    await house.feedback.settled();

    const idsOf = async (more: object) => (await labels(more)).map((label) => label.entityId);
    expect(await idsOf({ ids: ['b', 'x'] })).toEqual(['b']);
    expect(await idsOf({ fromMs: left, toMs: left + 100 })).toEqual(['a']);
    expect(await idsOf({ knownBeforeMs: left + 200 })).toEqual(['a']);
    expect(await idsOf({ ids: [] })).toEqual([]);
  });

  test('that come twice count once, and one that is known later replaces the earlier', async () => {
    await house.append([{ flight: 'a', left, known: left + 5, delay: 20 }]);
    await house.append([{ flight: 'a', left, known: left + 5, delay: 20 }]);
    await house.append([{ flight: 'a', left, known: left + 9, delay: 0 }]);
    await house.feedback.settled();

    expect(await labels()).toEqual([{ entityId: 'a', value: 0, eventMs: left, knownMs: left + 9 }]);
    expect(await labels({ knownBeforeMs: left + 9 })).toMatchObject([{ value: 1 }]);
  });

  test('of a batch that could not be read at first come in the end', async () => {
    house.failLabels(1);
    await house.append([{ flight: 'a', left, known: left + 5, delay: 20 }]);
    await house.feedback.settled();
    expect(await labels()).toEqual([]);
    await house.append([{ flight: 'b', left, known: left + 5, delay: 20 }]);
    await house.feedback.settled();

    expect((await labels()).map((label) => label.entityId)).toEqual(['a', 'b']);
  });

  test('of a batch behind a long row of waiting ones are there when all is settled', async () => {
    await house.platform.database.transaction(async (tx) => {
      const columns = ['batch_id', 'outcome', 'project_id', 'position'];
      const rows = Array.from({ length: 101 }, (_, place) => [`gone-${String(place)}`, 'late', 'p', 0]);
      await tx.insertMany({ table: 'feedback_batches', columns, rows });
    });
    await house.append([{ flight: 'a', left, known: left + 5, delay: 20 }]);
    await house.feedback.settled();

    expect((await labels()).map((label) => label.entityId)).toEqual(['a']);
  });

  test('are written once, however often the queue is asked', async () => {
    await house.append([{ flight: 'a', left, known: left + 5, delay: 20 }]);
    await house.feedback.settled();
    const again = await house.platform.database.transaction((tx) =>
      house.feedback.recordOutcomes(tx, {
        projectId: 'p',
        outcome: 'late',
        labels: [{ entityId: 'a', value: 1, eventMs: left, knownMs: left + 5 }],
      }),
    );

    expect(again).toBe(0);
  });
});

describe('predictions', () => {
  test('are joined with what was known before a moment, and coverage says how many', async () => {
    house.predict([
      { id: 'a', momentMs: left },
      { id: 'b', momentMs: left },
      { id: 'c', momentMs: left },
      { id: 'a', momentMs: left, shadow: true },
    ]);
    await house.append([
      { flight: 'a', left, known: left + 5, delay: 20 },
      { flight: 'b', left, known: left + 9 * DAY_MS, delay: 3 },
      { flight: 'nobody', left, known: left + 5, delay: 3 },
    ]);

    const { frame, coverage } = await joined(left + 6 * DAY_MS);

    expect([...columnOf(frame, 'label').values]).toEqual([1, Number.NaN, Number.NaN, 1]);
    expect([...columnOf(frame, 'labelKnown').values][0]).toBe(left + 5);
    expect(coverage).toEqual({ expected: 3, arrived: 1, ratio: 1 / 3, orphans: 1, mature: true });
  });

  test('that were asked for again count once, at the last answer', async () => {
    house.predict([
      { id: 'a', momentMs: left },
      { id: 'b', momentMs: left },
      { id: 'a', momentMs: left },
      { id: 'a', momentMs: left + 1 },
    ]);
    await house.append([{ flight: 'a', left, known: left + 5, delay: 20 }]);

    const { frame, coverage } = await joined(left + DAY_MS, left + 2);

    expect([...columnOf(frame, 'label').values]).toEqual([Number.NaN, Number.NaN, 1, 1]);
    expect(coverage).toMatchObject({ expected: 2, arrived: 1 });
  });

  test('of a window that is too young are not mature', async () => {
    house.predict([{ id: 'a', momentMs: left }]);

    expect((await joined(left + DAY_MS)).coverage).toMatchObject({ expected: 1, arrived: 0, mature: false });
  });

  test('that are none have no coverage', async () => {
    expect((await joined(left)).coverage.ratio).toBeNaN();
  });
});

test('lateness is the share of labels known so many days after the event', async () => {
  await house.append([
    { flight: 'a', left, known: left + 5, delay: 1 },
    { flight: 'b', left, known: left + 5, delay: 1 },
    { flight: 'c', left, known: left + 2.5 * DAY_MS, delay: 1 },
    { flight: 'd', left, known: left + 4 * DAY_MS, delay: 1 },
  ]);
  await house.feedback.settled();

  const curve = await house.platform.database.read((tx) => house.feedback.latenessOf(tx, { projectId: 'p', outcome: 'late' }));
  expect(curve).toEqual([
    { days: 1, share: 0.5 },
    { days: 3, share: 0.75 },
    { days: 5, share: 1 },
  ]);
});
