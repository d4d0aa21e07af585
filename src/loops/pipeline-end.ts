import type { JsonObject } from '#kernel';
import { outputsOf, type PipelineRunState } from '#pipelines';

/** Tells a turn how its pipeline ended: why not, or with which version, in words and with evidence. */
export function endOf(state: PipelineRunState): JsonObject {
  if (state.state !== 'done') {
    const failed = Object.entries(state.states).find(([, step]) => step.error !== null);
    const why =
      failed === undefined
        ? `pipeline run ${String(state.number)} was ${state.state}`
        : `step ${failed[0]}: ${failed[1].error?.message ?? ''}`;
    return { state: state.state, text: why };
  }
  const uses = ['train', 'evaluate', 'register', 'package', 'command'];
  return { state: 'done', challenger: registeredBy(state), text: textsOf(state, uses), evidence: evidenceOf(state, uses) };
}

/** What the step `register` made; a command that registers writes `model`, `version` and `digest` itself, and only then counts. */
function registeredBy(state: PipelineRunState): JsonObject[string] {
  const outputs = outputsOf(state);
  const registering = state.steps.filter((step) => step.uses === 'register');
  const candidates = registering.length > 0 ? registering : state.steps.filter((step) => step.uses === 'command');
  const names = candidates.map((step) => step.name);
  return names.map((name) => outputs[name]).findLast(isVersion) ?? null;
}

function isVersion(output: unknown): boolean {
  return typeof output === 'object' && output !== null && ['model', 'version', 'digest'].every((member) => member in output);
}

/** What some kinds of steps say of what they made. */
export function textsOf(state: PipelineRunState, uses: readonly string[]): string {
  return state.steps
    .filter((step) => uses.includes(step.uses))
    .flatMap((step) => {
      const text = state.states[step.name]?.output['text'];
      return typeof text === 'string' && text !== '' ? [text] : [];
    })
    .join('; ');
}

/** What the steps of some kinds made, by name. */
export function evidenceOf(state: PipelineRunState, uses: readonly string[]): JsonObject {
  const steps = state.steps.filter((step) => uses.includes(step.uses) && state.states[step.name]?.state === 'done');
  return Object.fromEntries(steps.map((step) => [step.name, state.states[step.name]?.output ?? {}]));
}
