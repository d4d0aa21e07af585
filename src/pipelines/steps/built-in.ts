import type { Platform } from '#platform/slice';
import type { StepExecutors } from '../run-step-service.ts';
import { evaluateStep } from './evaluate.ts';
import { featuresStep } from './features.ts';
import { ingestStep } from './ingest.ts';
import { packageStep } from './package.ts';
import { registerStep } from './register.ts';
import type { BuiltInDeps } from './step.ts';
import { trainStep } from './train.ts';

/** Binds the built-in steps to the slices whose work they do. */
export function builtInSteps(platform: Platform, upstream: Omit<BuiltInDeps, 'platform'>): Omit<StepExecutors, 'command'> {
  const deps: BuiltInDeps = { platform, ...upstream };
  return {
    ingest: ingestStep(deps),
    features: featuresStep(deps),
    train: trainStep(deps),
    evaluate: evaluateStep(deps),
    register: registerStep(deps),
    package: packageStep(deps),
  };
}
