import { type ErrorKind, GyreError } from '#kernel';
import { kindOfStatus } from '#platform/http/api';
import { type DescribedInput, type Row, tensorsOf } from './prediction-rows.ts';

/** Rows sent in one request: well below the limits of an endpoint. */
const ROWS_A_REQUEST = 500;

/** Where rows are scored. */
export interface PredictTarget {
  readonly serverUrl: string;
  readonly endpoint: string;
  readonly signal: AbortSignal;
}

/** Scores rows over the Open Inference Protocol, in order; gives each row with what the endpoint said added. */
export async function predictRows(target: PredictTarget, rows: readonly Row[]): Promise<readonly Row[]> {
  const inputs = await describeInputs(target);
  const answered: Row[] = [];
  for (let from = 0; from < rows.length; from += ROWS_A_REQUEST) {
    const piece = rows.slice(from, from + ROWS_A_REQUEST);
    const outputs = await infer(target, piece, inputs);
    answered.push(...piece.map((row, place) => ({ ...row, ...scoresAt(outputs, place) })));
  }
  return answered;
}

interface Output {
  readonly name: string;
  readonly data: readonly (number | null)[];
}

async function describeInputs(target: PredictTarget): Promise<readonly DescribedInput[]> {
  // The answer of our own server; what is no list fails below as no inputs.
  const body = (await call(target, '', undefined)) as { readonly inputs?: readonly DescribedInput[] };
  return body.inputs ?? [];
}

async function infer(target: PredictTarget, rows: readonly Row[], inputs: readonly DescribedInput[]): Promise<readonly Output[]> {
  const body = (await call(target, '/infer', { inputs: tensorsOf(rows, inputs) })) as { readonly outputs?: readonly Output[] };
  return body.outputs ?? [];
}

/** A probability brings its decision at one half with it. */
function scoresAt(outputs: readonly Output[], row: number): Row {
  const scores = Object.fromEntries(outputs.map(({ name, data }) => [name, data[row] ?? null]));
  const { probability } = scores;
  return typeof probability === 'number' ? { ...scores, prediction: Number(probability >= 0.5) } : scores;
}

async function call(target: PredictTarget, path: string, body: unknown): Promise<unknown> {
  const url = `${target.serverUrl}/v2/models/${encodeURIComponent(target.endpoint)}${path}`;
  const init =
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: target.signal });
  } catch (cause) {
    throw failed('unavailable', `no answer from ${target.serverUrl}`, cause);
  }
  const answer = (await response.json().catch(() => ({}))) as { readonly error?: string };
  if (response.ok) return answer;
  throw failed(kindOfStatus(response.status), answer.error ?? `the server answered ${String(response.status)}`);
}

function failed(kind: ErrorKind, message: string, cause?: unknown): GyreError {
  return new GyreError({ kind, code: 'serving/predict-failed', message, ...(cause === undefined ? {} : { cause }) });
}
