import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { blockOutput } from './kernels/prepared-rows.ts';
import { RowBlock, type SharedRows, type Step } from './kernels/row-block.ts';
import type { GrowthThreads, StartedRowBlocks } from './row-blocks.ts';
import { trainingError } from './training-error.ts';

/** Places in the shared control words. */
const TURN = 0;
const DONE = 1;
const FAILED = 2;
const COMMAND = 3;

const DIFFERENTIATE = 1;
const PLANT_ROOT = 2;
const SPLIT_LEVEL = 3;
const ADD_TREE = 4;
const STOP = 5;

/** A thread that has not answered for this long is taken for dead: even a level of 16 million rows takes less. */
const ANSWER_WITHIN_MS = 120_000;

/** Looks this often before it sleeps: a turn is often shorter than falling asleep and waking up. */
const LOOKS = 2000;

/** What a thread is started with; everything in it is shared memory. */
interface ThreadStart {
  readonly gyreRowBlock: true;
  readonly shared: SharedRows;
  readonly share: { readonly index: number; readonly of: number };
  readonly output: { readonly histograms: Float64Array; readonly counts: Int32Array };
  readonly control: Int32Array;
  readonly step: Float64Array;
}

/**
 * Grows trees on several threads, each with its own share of the rows. The calling thread takes part and blocks while the others finish, so call it in
 * a child process. The model is the same, byte by byte, for any number of threads.
 *
 * @param count - Threads in all, in [1, 64]; the calling one is counted.
 * @returns The setting to hand to {@link trainModel}.
 * @throws {@link GyreError} `training/bad-parameter` when the count is out of range; later `training/thread-failed` when a thread dies.
 * @example
 * ```ts
 * workerThreads(2).allocate(8).byteLength; // => 8
 * ```
 */
export function workerThreads(count: number): GrowthThreads {
  if (!Number.isInteger(count) || count < 1 || count > 64) {
    throw trainingError('training/bad-parameter', `threads is ${count}; give a whole number from 1 to 64`);
  }
  const allocate = (sizeBytes: number): SharedArrayBuffer => new SharedArrayBuffer(sizeBytes);
  return { allocate, start: (shared) => startThreads(shared, count) };
}

function startThreads(shared: SharedRows, count: number): StartedRowBlocks {
  const allocate = (sizeBytes: number): SharedArrayBuffer => new SharedArrayBuffer(sizeBytes);
  const control = new Int32Array(allocate(16));
  const step = new Float64Array(allocate(48));
  const outputs = Array.from({ length: count }, () => blockOutput(shared, allocate));
  const [own, ...others] = outputs;
  if (own === undefined) throw trainingError('training/thread-failed', 'no thread was started', 'internal');
  const workers = others.map((output, index) => {
    const start: ThreadStart = { gyreRowBlock: true, shared, share: { index: index + 1, of: count }, output, control, step };
    const worker = new Worker(new URL('./row-block-worker.ts', import.meta.url), { workerData: start });
    worker.unref();
    return worker;
  });
  const block = new RowBlock(shared, { index: 0, of: count }, own);
  const turn = (command: number, told?: Step): void => {
    if (told !== undefined) writeStep(step, told);
    Atomics.store(control, DONE, 0);
    Atomics.store(control, COMMAND, command);
    Atomics.add(control, TURN, 1);
    Atomics.notify(control, TURN);
    obey(block, command, step);
    awaitOthers(control, workers.length);
  };
  return {
    differentiate: () => turn(DIFFERENTIATE),
    plantRoot: (told) => turn(PLANT_ROOT, told),
    splitLevel: (told) => turn(SPLIT_LEVEL, told),
    addTree: (told) => turn(ADD_TREE, told),
    histograms: outputs.map((output) => output.histograms),
    counts: outputs.map((output) => output.counts),
    stop: () => {
      Atomics.store(control, COMMAND, STOP);
      Atomics.add(control, TURN, 1);
      Atomics.notify(control, TURN);
    },
  };
}

function awaitOthers(control: Int32Array, others: number): void {
  for (let look = 0; look < LOOKS && Atomics.load(control, DONE) < others; look += 1);
  for (let done = Atomics.load(control, DONE); done < others; done = Atomics.load(control, DONE)) {
    if (Atomics.wait(control, DONE, done, ANSWER_WITHIN_MS) !== 'timed-out') continue;
    throw trainingError('training/thread-failed', `a training thread has not answered for ${ANSWER_WITHIN_MS} ms`, 'internal');
  }
  if (Atomics.load(control, FAILED) === 0) return;
  throw trainingError('training/thread-failed', 'a training thread failed; train with one thread to see why', 'internal');
}

function obey(block: RowBlock, command: number, step: Float64Array): void {
  if (command === DIFFERENTIATE) block.differentiate();
  if (command === PLANT_ROOT) block.plantRoot(readStep(step));
  if (command === SPLIT_LEVEL) block.splitLevel(readStep(step));
  if (command === ADD_TREE) {
    block.addTree(readStep(step));
    block.differentiate();
  }
}

function writeStep(words: Float64Array, step: Step): void {
  words.set([step.iteration, step.nodeCount, step.gradientScale, step.hessianScale, step.salt, step.sampleBelow]);
}

function readStep(words: Float64Array): Step {
  const [iteration = 0, nodeCount = 0, gradientScale = 1, hessianScale = 1, salt = 0, sampleBelow = 0] = words;
  return { iteration, nodeCount, gradientScale, hessianScale, salt, sampleBelow };
}

function isThreadStart(value: unknown): value is ThreadStart {
  return typeof value === 'object' && value !== null && 'gyreRowBlock' in value;
}

/** The other threads' loop: wait for a turn, do one's share, say so. */
function serve({ shared, share, output, control, step }: ThreadStart): void {
  const block = new RowBlock(shared, share, output);
  for (let seen = 0; ; ) {
    for (let look = 0; look < LOOKS && Atomics.load(control, TURN) === seen; look += 1);
    Atomics.wait(control, TURN, seen);
    seen = Atomics.load(control, TURN);
    const command = Atomics.load(control, COMMAND);
    if (command === STOP) return;
    try {
      obey(block, command, step);
    } catch {
      Atomics.store(control, FAILED, 1);
    }
    Atomics.add(control, DONE, 1);
    Atomics.notify(control, DONE);
  }
}

if (!isMainThread && isThreadStart(workerData)) serve(workerData);
