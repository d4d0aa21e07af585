import { badInput, quote } from './refusal.ts';

/** Ranges of the whole-number datatypes of the protocol. */
const INTEGER_RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  INT8: [-128n, 127n],
  INT16: [-32_768n, 32_767n],
  INT32: [-2_147_483_648n, 2_147_483_647n],
  INT64: [-(2n ** 63n), 2n ** 63n - 1n],
  UINT8: [0n, 255n],
  UINT16: [0n, 65_535n],
  UINT32: [0n, 4_294_967_295n],
  UINT64: [0n, 2n ** 64n - 1n],
};

const JSON_DATATYPES: ReadonlySet<string> = new Set(['BOOL', 'FP32', 'FP64', 'BYTES', ...Object.keys(INTEGER_RANGES)]);

/** Where a value stands, for messages. */
export interface ValuePlace {
  readonly name: string;
  readonly datatype: string;
  readonly index: number;
}

/** Refuses datatypes that the protocol does not have, or has no JSON form for. */
export function requireDatatype(name: string, datatype: unknown): string {
  if (typeof datatype === 'string' && JSON_DATATYPES.has(datatype)) return datatype;
  const reason = datatype === 'FP16' || datatype === 'BF16' ? 'has no JSON form; send FP32' : 'is not a datatype';
  throw badInput(name, `datatype ${quote(datatype)} ${reason}; use one of ${[...JSON_DATATYPES].join(', ')}`);
}

/**
 * Reads one value as a number. `null` is a missing value; NaN and infinities have no JSON form and are refused, as is a
 * whole number that a double cannot hold exactly.
 */
export function numberAt(value: unknown, place: ValuePlace): number {
  if (value === null) return Number.NaN;
  const { datatype } = place;
  if (datatype === 'BOOL') return typeof value === 'boolean' ? Number(value) : refuseValue(value, place, 'true, false or null');
  if (datatype === 'BYTES') return refuseValue(value, place, 'a number: send it with a numeric datatype');
  const range = INTEGER_RANGES[datatype];
  if (range !== undefined) return wholeAt(value, place, range);
  if (typeof value !== 'number') return refuseValue(value, place, 'a number or null');
  const isHeld = Number.isFinite(datatype === 'FP32' ? Math.fround(value) : value);
  return isHeld ? value : refuseValue(value, place, `a finite ${datatype}, or null for a missing value`);
}

function wholeAt(value: unknown, place: ValuePlace, [least, most]: readonly [bigint, bigint]): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= Number(least) && value <= Number(most)) return value;
  if (typeof value === 'bigint' && value >= least && value <= most) {
    throw badInput(
      place.name,
      `value ${String(place.index)} is ${String(value)}, which a number cannot hold exactly (beyond 2^53); only a key or category may be that large`,
    );
  }
  return refuseValue(value, place, `a whole number from ${String(least)} to ${String(most)}, or null`);
}

/** Reads one value as text: strings as they are, whole numbers and booleans by their exact decimal or word. */
export function textOf(value: unknown, place: ValuePlace): string | undefined {
  if (value === null) return undefined;
  const { datatype } = place;
  if (datatype === 'BYTES') return typeof value === 'string' ? value : refuseValue(value, place, 'a string or null');
  if (datatype === 'BOOL') return typeof value === 'boolean' ? String(value) : refuseValue(value, place, 'true, false or null');
  const range = INTEGER_RANGES[datatype];
  return range === undefined ? refuseValue(value, place, 'text: send it as BYTES') : exactDecimal(value, place, range);
}

function exactDecimal(value: unknown, place: ValuePlace, [least, most]: readonly [bigint, bigint]): string {
  const whole = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof whole === 'bigint' && whole >= least && whole <= most) return String(whole);
  return refuseValue(value, place, `a whole number from ${String(least)} to ${String(most)}, or null`);
}

/** Refuses one value, saying what was expected in its place. */
export function refuseValue(value: unknown, place: ValuePlace, expected: string): never {
  throw badInput(place.name, `value ${String(place.index)} (${place.datatype}) is ${quote(value)}; expected ${expected}`);
}
