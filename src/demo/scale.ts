import { DAY_MS, HOUR_MS, parseTimeMs } from '#kernel';

/** How large a demo is. The code is the same for all. */
export interface DemoScale {
  readonly name: string;
  /** Takes one flight of so many, spread over all days. */
  readonly oneOf: number;
  /** Share of the flights after the start that are asked about, one request each. */
  readonly requestShare: number;
  /** Length of one step of the replay. */
  readonly stepMs: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Flights that depart later are left out of the world; absent keeps all days. */
  readonly untilMs?: number;
}

const START_MS = parseTimeMs('2001-03-01');
const WEEKS_MS = 7 * DAY_MS;

/** The scales of the demo, by the name that `--scale` takes. */
export const DEMO_SCALES: Readonly<Record<string, DemoScale>> = {
  full: { name: 'full', oneOf: 1, requestShare: 0.05, stepMs: HOUR_MS, startMs: START_MS, endMs: START_MS + 8 * WEEKS_MS },
  small: {
    name: 'small',
    oneOf: 30,
    requestShare: 0.2,
    stepMs: 8 * HOUR_MS,
    startMs: START_MS,
    endMs: START_MS + 8 * WEEKS_MS,
  },
  tiny: {
    name: 'tiny',
    oneOf: 250,
    requestShare: 1,
    stepMs: DAY_MS,
    startMs: START_MS,
    // The third fortnight, whose look falls behind the cool-down of the first turn, and the day its labels take.
    endMs: START_MS + 6 * WEEKS_MS + 3 * DAY_MS,
  },
};
