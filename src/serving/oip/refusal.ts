import { GyreError } from '#kernel';

/** Says what is wrong with a request as a whole. */
export function badRequest(message: string): GyreError {
  return new GyreError({ kind: 'invalid', code: 'serving/bad-request', message });
}

/** Says what is wrong with one input of a request. */
export function badInput(name: string, message: string): GyreError {
  return new GyreError({ kind: 'invalid', code: 'serving/bad-input', message: `input ${quote(name)}: ${message}` });
}

/** Shows a value of a request in a message: as JSON, cut short. */
export function quote(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
