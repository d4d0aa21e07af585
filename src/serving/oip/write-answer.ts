import { didYouMean } from '#kernel';
import type { InferenceAnswer } from '../inference-call.ts';
import type { LiveEndpoint } from '../live-endpoint.ts';
import { answerHead, asciiJson } from './metadata.ts';
import { badRequest, quote } from './refusal.ts';

const PLAIN_ID = /^[\w.:-]*$/;

/** Finds the outputs a caller wants: all when it names none. */
export function chosenOutputs(names: readonly string[], wanted: readonly string[]): readonly number[] {
  if (wanted.length === 0) return names.map((_, place) => place);
  if (new Set(wanted).size !== wanted.length) throw badRequest(`"outputs" names ${quote(wanted)}: one of them twice`);
  return wanted.map((name) => {
    const place = names.indexOf(name);
    if (place < 0) throw badRequest(`there is no output ${quote(name)}${didYouMean(name, names)}; there are ${names.join(', ')}`);
    return place;
  });
}

/** Writes an answer as JSON of the protocol. */
export function writeAnswer(endpoint: LiveEndpoint, id: string, answer: InferenceAnswer, wanted: readonly string[]): string {
  const head = answerHead(endpoint, answer.deployment) + (PLAIN_ID.test(id) ? `"${id}"` : asciiJson(id));
  const names = answer.deployment.model.outputNames;
  if (answer.nRows === 1 && names.length === 1 && wanted.length === 0) {
    return `${head},"outputs":[{"name":"${names[0]}","datatype":"FP64","shape":[1,1],"data":[${String(answer.scores[0])}]}]}`;
  }
  const outputs = chosenOutputs(names, wanted).map((place) => {
    const data: number[] = [];
    for (let row = 0; row < answer.nRows; row += 1) data.push(answer.scores[row * names.length + place] ?? 0);
    return `{"name":"${names[place] ?? ''}","datatype":"FP64","shape":[${String(answer.nRows)},1],"data":[${data.join(',')}]}`;
  });
  return `${head},"outputs":[${outputs.join(',')}]}`;
}
