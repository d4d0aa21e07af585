import type { Platform, SliceModule } from '#platform/slice';
import type { Project } from '#projects';
import type { TrackingSlice } from '#tracking';
import { type CandidateResult, type CandidatesRequest, trainCandidates } from './train-candidates-process.ts';
import { type Training, trainingOf } from './training.ts';
import { trainingsSection } from './trainings-section.ts';

/** What downstream slices ask of training. */
export interface TrainingSlice extends SliceModule {
  /** Reads a training of the project file; throws `training/unknown-training`. */
  training(project: Project, name: string | undefined): Training;
  /** Trains every candidate as a run of its own; throws what the first failing one reports. */
  trainCandidates(request: CandidatesRequest): Promise<readonly CandidateResult[]>;
}

/**
 * Makes the slice.
 *
 * @param platform - The ports.
 * @param upstream - Where runs are tracked.
 * @returns The slice and what others call.
 */
export function createTrainingSlice(platform: Platform, upstream: { readonly tracking: TrackingSlice }): TrainingSlice {
  return {
    name: 'training',
    projectSection: trainingsSection,
    training: trainingOf,
    trainCandidates: (request) => trainCandidates({ platform, tracking: upstream.tracking }, request),
  };
}
