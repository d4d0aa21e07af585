import { hash32 } from '#stats';

/** One that may answer. */
export interface TrafficTarget {
  /** Own hash seed; see {@link targetSeed}. */
  readonly seed: number;
  /** Share, ≥ 0; shares need not sum to anything. */
  readonly weight: number;
}

/** Gives the hash seed of a deployment: the same name at the same endpoint always draws the same keys. */
export function targetSeed(endpoint: string, deployment: string): number {
  return hash32(`${endpoint}/${deployment}`);
}

/**
 * Picks who answers a key: weighted rendezvous hashing. The same key gets the same target, each target gets its share of
 * keys, and raising one weight against the others moves keys only to that target.
 *
 * @param targets - At least one with a weight above 0.
 * @param key - What must stay together, such as an entity id.
 * @returns Index of the target; -1 when no weight is above 0.
 * @see Schindelhauer and Schomaker, Weighted distributed hash tables, SPAA 2005 (logarithmic method).
 */
export function pickTarget(targets: readonly TrafficTarget[], key: string): number {
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const [index, target] of targets.entries()) {
    if (target.weight <= 0) continue;
    const share = (hash32(key, target.seed) + 0.5) / 4_294_967_296;
    const score = target.weight / -Math.log(share);
    if (score > bestScore) {
      best = index;
      bestScore = score;
    }
  }
  return best;
}
