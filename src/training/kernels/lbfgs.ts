/** A smooth function of many numbers: writes its gradient and returns its value. */
export type Objective = (at: Float64Array, gradient: Float64Array) => number;

/** When to stop. */
export interface MinimiseRules {
  readonly maxIterations: number;
  /** Stops when no part of the gradient is larger. */
  readonly tolerance: number;
  /** Called after each iteration; true stops. */
  readonly onIteration?: (iteration: number, value: number) => boolean;
}

/** Where the search ended. */
export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly isConverged: boolean;
}

const MEMORY = 10;
const ARMIJO = 1e-4;
const CURVATURE = 0.9;
const MAX_TRIALS = 30;

/**
 * Minimises a smooth convex function with L-BFGS and a bracketing line search for the weak Wolfe conditions. Deterministic.
 *
 * @see Nocedal and Wright, "Numerical Optimization", 2nd ed. (2006), algorithms 7.4 and 7.5; Lewis and Overton, "Nonsmooth optimization via
 * quasi-Newton methods", Mathematical Programming 141 (2013), algorithm 2.6, for the line search.
 */
export function minimise(objective: Objective, start: Float64Array, rules: MinimiseRules): Minimum {
  const n = start.length;
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  let at = start.slice();
  let gradient = new Float64Array(n);
  let value = objective(at, gradient);
  for (let iteration = 0; iteration < rules.maxIterations; iteration += 1) {
    if (largest(gradient) <= rules.tolerance) return { at, value, iterations: iteration, isConverged: true };
    const direction = descent(gradient, steps, changes);
    const found = lineSearch(objective, at, value, gradient, direction, iteration === 0 ? 1 / Math.max(1, norm(gradient)) : 1);
    if (found === undefined) return { at, value, iterations: iteration, isConverged: false };
    const step = new Float64Array(n);
    const change = new Float64Array(n);
    for (let i = 0; i < n; i += 1) {
      step[i] = found.at[i]! - at[i]!;
      change[i] = found.gradient[i]! - gradient[i]!;
    }
    if (dot(step, change) > 1e-300) {
      steps.push(step);
      changes.push(change);
      if (steps.length > MEMORY) {
        steps.shift();
        changes.shift();
      }
    }
    ({ at, gradient, value } = found);
    if (rules.onIteration?.(iteration, value) === true) return { at, value, iterations: iteration + 1, isConverged: false };
  }
  return { at, value, iterations: rules.maxIterations, isConverged: largest(gradient) <= rules.tolerance };
}

function descent(gradient: Float64Array, steps: readonly Float64Array[], changes: readonly Float64Array[]): Float64Array {
  const direction = gradient.map((part) => -part);
  const weights = new Float64Array(steps.length);
  for (let k = steps.length - 1; k >= 0; k -= 1) {
    weights[k] = dot(steps[k]!, direction) / dot(steps[k]!, changes[k]!);
    addScaled(direction, changes[k]!, -weights[k]!);
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!);
    for (let i = 0; i < direction.length; i += 1) direction[i]! *= scale;
  }
  for (let k = 0; k < steps.length; k += 1) {
    const back = dot(changes[k]!, direction) / dot(steps[k]!, changes[k]!);
    addScaled(direction, steps[k]!, weights[k]! - back);
  }
  return direction;
}

interface Point {
  readonly at: Float64Array<ArrayBuffer>;
  readonly gradient: Float64Array<ArrayBuffer>;
  readonly value: number;
}

function lineSearch(
  objective: Objective,
  at: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  first: number,
): Point | undefined {
  const slope = dot(gradient, direction);
  if (!(slope < 0)) return undefined;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let length = first;
  let best: Point | undefined;
  for (let trial = 0; trial < MAX_TRIALS; trial += 1) {
    const next = new Float64Array(at.length);
    for (let i = 0; i < at.length; i += 1) next[i] = at[i]! + length * direction[i]!;
    const nextGradient = new Float64Array(at.length);
    const nextValue = objective(next, nextGradient);
    if (!(nextValue <= value + ARMIJO * length * slope)) high = length;
    else {
      best = { at: next, gradient: nextGradient, value: nextValue };
      if (dot(nextGradient, direction) >= CURVATURE * slope) return best;
      low = length;
    }
    length = high === Number.POSITIVE_INFINITY ? length * 2 : (low + high) / 2;
  }
  return best;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function largest(a: Float64Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i += 1) most = Math.max(most, Math.abs(a[i]!));
  return most;
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i += 1) target[i]! += factor * source[i]!;
}
