import type { TSchema } from 'typebox';
import { GyreError } from '#kernel';

const NUMBER = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,16})?(?:e[+-]?\d{1,3})?$/i;

/** Most pairs that a query may have. */
const PAIR_LIMIT = 100;

/**
 * Reads a query string by a schema: a value becomes a number or a boolean only where the schema says so, a repeated key becomes
 * an array only where the schema has one. Nothing else is coerced, anywhere.
 */
export function readQuery(url: string, schema: TSchema): Record<string, unknown> {
  const mark = url.indexOf('?');
  if (mark < 0) return {};
  const pairs = [...new URLSearchParams(url.slice(mark + 1))];
  if (pairs.length > PAIR_LIMIT)
    throw badQuery(`the query has ${String(pairs.length)} pairs; at most ${String(PAIR_LIMIT)} are read`);
  const query: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, text] of pairs) {
    const member = propertyOf(schema, key);
    if (typeOf(member) === 'array') {
      const before = query[key];
      query[key] = [...(Array.isArray(before) ? (before as readonly unknown[]) : []), coerce(itemsOf(member), text)];
      continue;
    }
    if (key in query) throw badQuery(`"${key.slice(0, 80)}" is in the query twice; write it once`);
    query[key] = coerce(member, text);
  }
  return { ...query };
}

function coerce(schema: unknown, text: string): unknown {
  const type = typeOf(schema);
  if ((type === 'number' || type === 'integer') && NUMBER.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function badQuery(message: string): GyreError {
  return new GyreError({ kind: 'invalid', code: 'http/invalid', message });
}

function propertyOf(schema: unknown, key: string): unknown {
  const properties = read(schema, 'properties');
  return read(properties, key);
}

function itemsOf(schema: unknown): unknown {
  return read(schema, 'items');
}

function typeOf(schema: unknown): unknown {
  return read(schema, 'type');
}

function read(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}
