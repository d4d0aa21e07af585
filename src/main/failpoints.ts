import { PLATFORM_FAILPOINTS } from '#platform/failpoint';

/** Joints of the slices, in the order in which a turn of the loop passes them; a test finds each in the code. */
const SLICE_FAILPOINTS = [
  'data/append-blob-stored',
  'data/append-committed',
  'data/cut-blobs-stored',
  'data/cut-committed',
  'features/frame-blob-stored',
  'training/run-started',
  'training/before-run-finished',
  'evaluation/model-judged',
  'pipelines/version-registered',
  'pipelines/package-stored',
  'loops/stage-done',
  'serving/before-weights',
  'serving/after-weights',
  'serving/snapshot-applied',
  'serving/report-kept',
  'serving/segments-stored',
  'serving/segments-kept',
  'feedback/labels-written',
  'feedback/batch-forgotten',
  'monitoring/reference-stored',
  'monitoring/window-judged',
  'monitoring/window-kept',
] as const;

/** Every joint at which a crash test may end the process: the platform's, then the slices'. */
export const ALL_FAILPOINTS: readonly string[] = [...PLATFORM_FAILPOINTS, ...SLICE_FAILPOINTS];
