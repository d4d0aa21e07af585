import type { SignatureInput } from '../input-columns.ts';
import type { LiveDeployment, LiveEndpoint } from '../live-endpoint.ts';
import { MATRIX_INPUT } from './read-call.ts';

const DATATYPES = { number: 'FP64', category: 'BYTES', time: 'BYTES' } as const;

/** Describes an endpoint as the protocol does: names, datatypes and shapes of its tensors. */
export function describeModel(endpoint: LiveEndpoint) {
  const [first] = endpoint.answering;
  return {
    name: endpoint.snapshot.endpoint,
    versions: endpoint.answering.map((deployment) => String(deployment.snapshot.version)),
    platform: `gyre_${(first?.model.platform ?? 'none').replaceAll('-', '_')}`,
    inputs: endpoint.reader.inputs.map(describeInput),
    outputs: (first?.model.outputNames ?? []).map((name) => ({ name, datatype: 'FP64', shape: [-1, 1] })),
    ...(endpoint.reader.takesMatrix ? { properties: { matrix_input: MATRIX_INPUT } } : {}),
  };
}

function describeInput(input: SignatureInput) {
  const datatype = input.storage === 'float32' ? 'FP32' : DATATYPES[input.kind];
  return { name: input.name, datatype, shape: [-1], ...(input.required ? {} : { parameters: { optional: true } }) };
}

/** Describes the server. */
export function describeServer(version: string) {
  return { name: 'gyre', version, extensions: [] };
}

const heads = new WeakMap<LiveDeployment, string>();

/** Gives the part of every answer that is the same for a deployment, up to the id. */
export function answerHead(endpoint: LiveEndpoint, deployment: LiveDeployment): string {
  const known = heads.get(deployment);
  if (known !== undefined) return known;
  const { name, version } = deployment.snapshot;
  const parameters = asciiJson({ model_digest: deployment.model.digest, deployment: name });
  const head = `{"model_name":${asciiJson(endpoint.snapshot.endpoint)},"model_version":"${String(version)}","parameters":${parameters},"id":`;
  heads.set(deployment, head);
  return head;
}

/** Writes JSON in which every character is ASCII, so that a character is a byte. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
