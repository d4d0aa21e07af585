import type { Objective } from './lbfgs.ts';

/**
 * Rows for a linear model. Weights are laid out as: intercept, `nDense` weights of dense columns, then one weight a level. A row has at most one
 * active weight for each category: `active[row · nCategories + c]`, an index into the weights, 0 for none.
 */
export interface LinearDesign {
  readonly nRows: number;
  readonly nDense: number;
  readonly nCategories: number;
  readonly nWeights: number;
  /** Row-major, standardised; missing is 0. */
  readonly dense: Float32Array;
  readonly active: Int32Array;
  readonly labels: Float32Array;
}

/** Mean loss plus `½ · l2 / nRows · ‖w‖²`, intercept free. */
export function linearObjective(design: LinearDesign, isLogistic: boolean, l2: number): Objective {
  const { nRows, nWeights } = design;
  return (weights, gradient) => {
    gradient.fill(0);
    let loss = addLoss(design, isLogistic, weights, gradient) / nRows;
    gradient[0]! /= nRows;
    for (let k = 1; k < nWeights; k += 1) {
      const weight = weights[k]!;
      loss += (0.5 * l2 * weight * weight) / nRows;
      gradient[k] = (gradient[k]! + l2 * weight) / nRows;
    }
    return loss;
  };
}

function addLoss(design: LinearDesign, isLogistic: boolean, weights: Float64Array, gradient: Float64Array): number {
  const { nRows, nDense, nCategories, dense, active, labels } = design;
  let loss = 0;
  for (let row = 0; row < nRows; row += 1) {
    const from = row * nDense;
    const activeFrom = row * nCategories;
    let margin = weights[0]!;
    for (let k = 0; k < nDense; k += 1) margin += weights[k + 1]! * dense[from + k]!;
    for (let c = 0; c < nCategories; c += 1) {
      const at = active[activeFrom + c]!;
      if (at !== 0) margin += weights[at]!;
    }
    const label = labels[row]!;
    let residual = margin - label;
    if (isLogistic) {
      // log(1 + e^-|m|) is the same for both signs and never overflows.
      const small = Math.exp(-Math.abs(margin));
      loss += Math.log1p(small) + Math.max(margin, 0) - label * margin;
      residual = (margin >= 0 ? 1 : small) / (1 + small) - label;
    } else loss += 0.5 * residual * residual;
    gradient[0]! += residual;
    for (let k = 0; k < nDense; k += 1) gradient[k + 1]! += residual * dense[from + k]!;
    for (let c = 0; c < nCategories; c += 1) {
      const at = active[activeFrom + c]!;
      if (at !== 0) gradient[at]! += residual;
    }
  }
  return loss;
}

/**
 * How much a weight's unit matters: the square root of the diagonal of the Hessian at equal probabilities, over the rows. In units of it a rare level is
 * as well-conditioned as a number, and the search for the minimum takes tens of steps instead of hundreds.
 */
export function weightUnits(design: LinearDesign, meanHessian: number, l2: number): Float64Array {
  const { nRows, nDense, nWeights, dense, active } = design;
  const squares = new Float64Array(nWeights);
  squares[0] = nRows;
  for (let row = 0, at = 0; row < nRows; row += 1) {
    for (let k = 1; k <= nDense; k += 1, at += 1) squares[k]! += dense[at]! * dense[at]!;
  }
  for (let at = 0; at < active.length; at += 1) if (active[at] !== 0) squares[active[at]!]! += 1;
  return squares.map((square, k) => Math.sqrt((square * meanHessian + (k === 0 ? 0 : l2)) / nRows));
}

/** The same objective for weights times their units. */
export function inUnits(objective: Objective, units: Float64Array): Objective {
  const weights = new Float64Array(units.length);
  return (scaled, gradient) => {
    for (let k = 0; k < units.length; k += 1) weights[k] = scaled[k]! / units[k]!;
    const value = objective(weights, gradient);
    for (let k = 0; k < units.length; k += 1) gradient[k]! /= units[k]!;
    return value;
  };
}
