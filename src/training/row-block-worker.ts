import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { allocateBlockState, allocateHistograms } from './kernels/prepared-rows.ts';
import { type BlockState, CHUNK_ROWS, type SharedRows, type Step } from './kernels/row-block.ts';
import { Command, RowHand } from './kernels/row-hand.ts';
import type { GrowthThreads, StartedRowBlocks } from './row-blocks.ts';
import { trainingError } from './training-error.ts';

/** Places in the shared control words; after them one word a thread: the last turn in which it took part. */
const TURN = 0;
const NEXT = 1;
const DONE = 2;
const FAILED = 3;
const COMMAND = 4;
const TOOK_PART = 5;

/** A command beside those of {@link Command}. */
const STOP = 0;

/** `NEXT` holds the turn and, in its low bits, the next block that nobody has taken: a thread that wakes up late cannot take a block of another turn. */
const BLOCK_BITS = 8;
const MAX_TURN = 2 ** (31 - BLOCK_BITS);

/** More blocks than threads, so that a thread that is held up holds up little. */
const BLOCKS_PER_THREAD = 4;
const MAX_BLOCKS = 2 ** BLOCK_BITS - 1;

/** A thread that has not answered for this long is taken for dead: even a level of 16 million rows takes less. */
const ANSWER_WITHIN_MS = 120_000;

/** Looks this often before it sleeps: a turn is often shorter than falling asleep and waking up. */
const LOOKS = 2000;

/** What all threads of one training share. */
interface Crew {
  readonly shared: SharedRows;
  readonly states: readonly BlockState[];
  readonly control: Int32Array;
  readonly step: Float64Array;
}

/** What a thread is started with; everything in it is shared memory. */
interface ThreadStart {
  readonly gyreRowBlocks: true;
  readonly crew: Crew;
  readonly thread: number;
  readonly histograms: Float64Array;
}

/**
 * Grows trees on several threads, which take blocks of rows as they come free. The calling thread takes part and blocks while the others finish, so call it
 * in a child process. The model is the same, byte by byte, for any number of threads.
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
  return { allocate, start: (shared) => startThreads(shared, count) };
}

function allocate(sizeBytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(sizeBytes);
}

function startThreads(shared: SharedRows, count: number): StartedRowBlocks {
  const chunks = Math.ceil(shared.train.nRows / CHUNK_ROWS);
  const nBlocks = Math.max(1, Math.min(count * BLOCKS_PER_THREAD, MAX_BLOCKS, chunks));
  const crew: Crew = {
    shared,
    states: Array.from({ length: nBlocks }, () => allocateBlockState(shared, allocate)),
    control: new Int32Array(allocate((TOOK_PART + count) * 4)),
    step: new Float64Array(allocate(48)),
  };
  const histograms = Array.from({ length: count }, () => allocateHistograms(shared, allocate));
  histograms.slice(1).forEach((own, index) => {
    startThread({ gyreRowBlocks: true, crew, thread: index + 1, histograms: own });
  });
  return lead(crew, histograms);
}

function startThread(start: ThreadStart): void {
  new Worker(new URL('./row-block-worker.ts', import.meta.url), { workerData: start }).unref();
}

/** The calling thread's side: it announces each turn, works on blocks like the others, and waits for the last one. */
function lead(crew: Crew, histograms: readonly Float64Array[]): StartedRowBlocks {
  const { control, states, step } = crew;
  const hand = new RowHand(crew.shared, states, histograms[0] ?? new Float64Array(0));
  let turn = 0;
  const announce = (command: number): void => {
    turn = (turn + 1) % MAX_TURN;
    Atomics.store(control, DONE, 0);
    Atomics.store(control, COMMAND, command);
    Atomics.store(control, NEXT, turn << BLOCK_BITS);
    Atomics.store(control, TURN, turn);
    Atomics.notify(control, TURN);
  };
  const take = (command: Command, told?: Step): void => {
    if (told !== undefined) writeStep(step, told);
    announce(command);
    takeBlocks(crew, hand, 0);
    awaitBlocks(control, states.length);
  };
  return {
    differentiate: () => take(Command.differentiate),
    plantRoot: (told) => take(Command.plantRoot, told),
    splitLevel: (told) => take(Command.splitLevel, told),
    addTree: (told) => take(Command.addTree, told),
    histograms: () => histograms.filter((_, thread) => Atomics.load(control, TOOK_PART + thread) === turn),
    counts: states.map((state) => state.counts),
    stop: () => announce(STOP),
  };
}

/** Works until no block of the turn is left. What it is told stands still while it holds a block: the turn cannot end before that block is done. */
function takeBlocks({ control, states, step }: Crew, hand: RowHand, thread: number): void {
  for (;;) {
    const next = Atomics.load(control, NEXT);
    const block = next & MAX_BLOCKS;
    if (block >= states.length) return;
    if (Atomics.compareExchange(control, NEXT, next, next + 1) !== next) continue;
    const turn = next >>> BLOCK_BITS;
    if (hand.work(turn, Atomics.load(control, COMMAND), block, readStep(step))) Atomics.store(control, TOOK_PART + thread, turn);
    if (Atomics.add(control, DONE, 1) === states.length - 1) Atomics.notify(control, DONE);
  }
}

function awaitBlocks(control: Int32Array, nBlocks: number): void {
  for (let look = 0; look < LOOKS && Atomics.load(control, DONE) < nBlocks; look += 1);
  for (let done = Atomics.load(control, DONE); done < nBlocks; done = Atomics.load(control, DONE)) {
    if (Atomics.load(control, FAILED) !== 0) {
      throw trainingError('training/thread-failed', 'a training thread failed; train with one thread to see why', 'internal');
    }
    if (Atomics.wait(control, DONE, done, ANSWER_WITHIN_MS) !== 'timed-out') continue;
    throw trainingError('training/thread-failed', `a training thread has not answered for ${ANSWER_WITHIN_MS} ms`, 'internal');
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
  return typeof value === 'object' && value !== null && 'gyreRowBlocks' in value;
}

/** The other threads' loop: wait for a turn, take blocks, wait again. */
function serve({ crew, thread, histograms }: ThreadStart): void {
  const { control } = crew;
  const hand = new RowHand(crew.shared, crew.states, histograms);
  for (let seen = 0; ; ) {
    for (let look = 0; look < LOOKS && Atomics.load(control, TURN) === seen; look += 1);
    Atomics.wait(control, TURN, seen);
    seen = Atomics.load(control, TURN);
    if (Atomics.load(control, COMMAND) === STOP) return;
    takeBlocks(crew, hand, thread);
  }
}

if (!isMainThread && isThreadStart(workerData)) {
  try {
    serve(workerData);
  } catch {
    Atomics.store(workerData.crew.control, FAILED, 1);
    Atomics.notify(workerData.crew.control, DONE);
  }
}
