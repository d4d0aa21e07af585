import { GyreError } from '#kernel';

/** Says what is wrong with a request as a whole. */
export function badRequest(message: string): GyreError {
  return new GyreError({ kind: 'invalid', code: 'serving/bad-request', message });
}

/** Says what is wrong with one input of a request. */
export function badInput(name: string, message: string): GyreError {
  return new GyreError({ kind: 'invalid', code: 'serving/bad-input', message: `input ${quote(name)}: ${message}` });
}

const SHOWN_LENGTH = 60;

/** Shows a value of a request in a message: as JSON, cut short; never costs more than what is shown. */
export function quote(value: unknown): string {
  if (Array.isArray(value) && (value.length > 16 || value.some((item) => typeof item === 'object'))) {
    return `a list of ${String(value.length)}`;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return 'an object';
  if (typeof value === 'bigint') return String(value);
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, SHOWN_LENGTH) : value) ?? 'nothing';
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH - 3)}...` : text;
}
