import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeRequestReader } from '../input-columns.ts';
import { scanNumbers } from '../kernels/scan-numbers.ts';
import { readRequest } from './read-call.ts';
import { createSmallBodyReader, findRepeated, type RepeatedBody, readRepeated } from './repeated-body.ts';

const inputs = ['x0', 'x1', 'x2'].map((name) => ({ name, kind: 'number' as const, storage: 'float32' as const, required: true }));
const key = { name: 'who', kind: 'category' as const, storage: 'levels' as const, required: false };
const aReader = () => makeRequestReader({ name: 'e', inputs: [...inputs, key], takesMatrix: true }, 4);

function aBody(numbers: string, id = 'r'): Buffer {
  return Buffer.from(`{"id":"${id}","inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","data":[${numbers}]}]}`);
}

function learn(body: Buffer): RepeatedBody | undefined {
  const reader = aReader();
  return findRepeated(body, reader, readRequest(body.toString(), reader));
}

describe('numbers scanned out of a body', () => {
  test('are the ones JSON.parse gives, or are left to it', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(6)).map(([whole, places]) => whole / 10 ** places),
    );
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 5 }), (numbers) => {
        const text = JSON.stringify(numbers).slice(1, -1);
        const into = new Float64Array(numbers.length);
        const bytes = Buffer.from(text);
        if (!scanNumbers(bytes, 0, bytes.length, into)) return;
        expect([...into].map((value) => value + 0)).toEqual((JSON.parse(`[${text}]`) as number[]).map((value) => value + 0));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['1,2.5,-3', true],
    ['0,0.25,-0', true],
    ['123456789012345,1,1', true],
    ['1234567890123456,1,1', false],
    ['1e3,1,1', false],
    ['01,1,1', false],
    ['1.,1,1', false],
    ['.5,1,1', false],
    ['-,1,1', false],
    ['1 ,1,1', false],
    ['null,1,1', false],
    ['1,1', false],
    ['1,1,1,1', false],
    ['1,1,1,', false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    const bytes = Buffer.from(text);

    expect(scanNumbers(bytes, 0, bytes.length, new Float64Array(3))).toBe(expected);
  });
});

describe('a body that repeats an earlier one around other numbers', () => {
  test('is read as the whole parse reads it', () => {
    const repeated = learn(aBody('1,2,3'));
    const reader = aReader();

    const quick = repeated === undefined ? undefined : readRepeated(aBody('0.1,-7,1234.5'), repeated, reader);

    expect(quick).toMatchObject({ id: 'r', nRows: 1, outputs: [] });
    expect(quick?.columns.map((column) => column.values[0])).toEqual([Math.fround(0.1), -7, 1234.5, -1]);
  });

  test.each([
    ['another id', aBody('1,2,3', 's')],
    ['another datatype', Buffer.from(aBody('1,2,3').toString().replace('FP32', 'FP64'))],
    ['more numbers', aBody('1,2,3,4')],
    ['a null', aBody('1,null,3')],
    ['more behind it', Buffer.concat([aBody('1,2,3'), Buffer.from(' ')])],
    ['less', aBody('1,2,3').subarray(0, 20)],
  ])('is not taken for one with %s', (_what, body) => {
    const repeated = learn(aBody('1,2,3'));

    expect(repeated).toBeDefined();
    expect(repeated === undefined ? undefined : readRepeated(body, repeated, aReader())).toBeUndefined();
  });

  test('is learned from one row of a matrix alone', () => {
    const keyed = `{"inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","data":[1,2,3]},{"name":"who","shape":[1],"datatype":"BYTES","data":["a"]}]}`;
    const two = '{"inputs":[{"name":"input","shape":[2,3],"datatype":"FP32","data":[1,2,3,4,5,6]}]}';
    const nested = '{"inputs":[{"name":"input","shape":[1,3],"datatype":"FP32","data":[[1,2,3]]}]}';

    const whole = '{"inputs":[{"name":"input","shape":[1,3],"datatype":"INT8","data":[1,2,3]}]}';

    expect([keyed, two, nested, whole].map((text) => learn(Buffer.from(text)))).toEqual(Array(4).fill(undefined));
  });

  test('keeps refusing what its datatype cannot hold', () => {
    const readSmall = createSmallBodyReader();
    const reader = aReader();
    const whole = (numbers: string) => Buffer.from(aBody(numbers).toString().replace('FP32', 'INT8'));
    readSmall(whole('1,2,3'), reader);

    expect(() => readSmall(whole('1.5,2,3'), reader)).toThrow('a whole number from -128 to 127');
    expect(() => readSmall(whole('1000,2,3'), reader)).toThrow('a whole number from -128 to 127');
  });
});

test('reading small bodies gives the same whatever came before', () => {
  const bodies = [aBody('1,2,3'), aBody('4,5,6'), aBody('1e2,2,3'), aBody('7,8,9', 's'), aBody('7.5,8,9', 's'), aBody('4,5,6')];
  const readSmall = createSmallBodyReader();
  const reader = aReader();

  for (const body of [
    ...bodies,
    ...bodies,
    ...Array.from({ length: 600 }, (_, n) => aBody(`${String(n)},0,0`, `id-${String(n % 7)}`)),
  ]) {
    const { id, columns, nRows } = readSmall(body, reader);
    const whole = readRequest(body.toString(), aReader());
    expect({ id, nRows, values: columns.map((column) => column.values[0]) }).toEqual({
      id: whole.id,
      nRows: whole.nRows,
      values: whole.columns.map((column) => column.values[0]),
    });
  }
});
