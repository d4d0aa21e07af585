import type { FeatureView } from '#features';
import type { Training } from '#training';
import type { BuiltInDeps, StepContext } from './step.ts';

/**
 * Finds the training a step works on, by `with: { training: … }` or as the only one, and its feature view.
 *
 * @param deps - Where both are declared.
 * @param context - The step.
 * @returns The training and its view.
 */
export function trainingViewOf(
  deps: Pick<BuiltInDeps, 'features' | 'training'>,
  context: Pick<StepContext, 'project' | 'step'>,
): { readonly training: Training; readonly view: FeatureView } {
  const training = deps.training.training(context.project, context.step.with['training']);
  return { training, view: deps.features.view(context.project, training.features) };
}
