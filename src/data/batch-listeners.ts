import type { AppendedBatch, BatchSubscription } from './append.ts';

/** Those who are called with appended rows. */
export interface BatchListeners {
  /** Adds one; returns the way to remove it. */
  add(subscription: BatchSubscription): () => void;
  /** Earliest known time that anyone wants of a dataset; undefined when nobody wants rows. */
  wantedSince(batch: { readonly projectId: string; readonly dataset: string }): number | undefined;
  /** Calls everyone who wants rows of the dataset, one after the other. */
  tell(batch: AppendedBatch): Promise<void>;
}

/**
 * Makes an empty list of listeners.
 *
 * @param onFailure - Told when a listener throws; the others are called all the same.
 * @returns The list.
 */
export function createBatchListeners(onFailure: (error: unknown) => void): BatchListeners {
  const subscriptions = new Set<BatchSubscription>();
  const interested = (batch: { readonly projectId: string; readonly dataset: string }) =>
    [...subscriptions].flatMap((subscription) => {
      const since = subscription.since(batch);
      return since === undefined ? [] : [{ subscription, since }];
    });
  return {
    add: (subscription) => {
      subscriptions.add(subscription);
      return () => void subscriptions.delete(subscription);
    },
    wantedSince: (batch) => {
      const sinces = interested(batch).map((one) => one.since);
      return sinces.length === 0 ? undefined : Math.min(...sinces);
    },
    tell: async (batch) => {
      for (const { subscription } of interested(batch)) {
        try {
          await subscription.listener(batch);
        } catch (error) {
          onFailure(error);
        }
      }
    },
  };
}
