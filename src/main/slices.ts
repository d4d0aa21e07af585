import { createAccessSlice } from '#access';
import { createDataSlice } from '#data';
import { createEvaluationSlice } from '#evaluation';
import { createFeaturesSlice } from '#features';
import { createFeedbackSlice } from '#feedback';
import { createApprovalDesk, createGovernanceSlice } from '#governance';
import { createLoopsSlice } from '#loops';
import { createMonitoringSlice } from '#monitoring';
import { createPipelinesSlice } from '#pipelines';
import type { Platform, ProjectSection, SliceModule } from '#platform/slice';
import { createProjectsSlice, type ProjectsSlice } from '#projects';
import { createRegistrySlice } from '#registry';
import { type CanaryQuality, createCompiledRuntime, createServingSlice, type DataPlane } from '#serving';
import { createTrackingSlice } from '#tracking';
import { createTrainingSlice } from '#training';
import { featureLookup, lateBound, servableVersions } from './bindings.ts';

/** What slices need besides the ports. */
export interface SliceWorld {
  /** Base URL of the server; known once it listens. */
  readonly serverUrl: () => string;
  /** Folder that the operator opened for commands and files of project files. */
  readonly codeRoot: string | undefined;
  /** Version of the program. */
  readonly programVersion: string;
}

/** The slices of a server: in the order of the lifecycle, and those that `main` itself binds to ports. */
export interface Slices {
  /** In order: each needs only those before it. They start in this order and stop in the opposite one. */
  readonly all: readonly SliceModule[];
  readonly projects: ProjectsSlice;
  /** Answers inference requests; asked before any other router. */
  readonly plane: DataPlane;
}

/** Makes every slice: THE list. A slice is given the platform and the slices before it, nothing else. */
export function createSlices(platform: Platform, world: SliceWorld): Slices {
  const all: SliceModule[] = [];
  const add = <Slice extends SliceModule>(slice: Slice): Slice => {
    all.push(slice);
    return slice;
  };
  // Sections are asked for at each apply, when every slice has been made.
  const sections = (): readonly ProjectSection[] => all.flatMap((slice) => slice.projectSection ?? []);
  // Serving declares it, monitoring downstream implements it.
  const quality = lateBound<CanaryQuality>('quality of canaries');

  add(createAccessSlice());
  const projects = add(createProjectsSlice(platform, sections));
  const data = add(createDataSlice(platform, { projects }));
  const features = add(createFeaturesSlice(platform, { projects, data }));
  const tracking = add(createTrackingSlice(platform, { projects }));
  const training = add(createTrainingSlice(platform, { tracking }));
  const evaluation = add(createEvaluationSlice(platform, { projects, tracking }));
  const registry = add(createRegistrySlice(platform, { projects }));
  const serving = add(
    createServingSlice(platform, {
      projects,
      versions: servableVersions(registry),
      runtime: createCompiledRuntime(platform.blobs),
      features: featureLookup(features),
      quality: { compare: async (tx, request) => await quality.get().compare(tx, request) },
      programVersion: world.programVersion,
    }),
  );
  const feedback = add(createFeedbackSlice(platform, { projects, data, labels: { values: features.labelValues }, serving }));
  const monitoring = add(createMonitoringSlice(platform, { projects, registry, serving, feedback }));
  quality.bind(monitoring.quality);
  const pipelines = add(
    createPipelinesSlice(platform, { projects, data, features, tracking, training, evaluation, registry, ...world }),
  );
  const approvals = createApprovalDesk(platform);
  const upstream = { projects, registry, evaluation, serving, monitoring, pipelines, approvals };
  add(createLoopsSlice(platform, upstream));
  add(createGovernanceSlice(platform, { projects, registry, evaluation }));
  return { all, projects, plane: serving.plane };
}
