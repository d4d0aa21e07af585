import { describe, expect, test } from 'vitest';
import { WireWriter } from './wire-writer.ts';

const hex = (writer: WireWriter): string => Buffer.from(writer.finish()).toString('hex');

describe('the wire writer', () => {
  // The three examples of https://protobuf.dev/programming-guides/encoding/
  test('writes the examples of the encoding guide as the guide does', () => {
    expect(hex(new WireWriter().whole(1, 150))).toBe('089601');
    expect(hex(new WireWriter().text(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(new WireWriter().message(3, new WireWriter().whole(1, 150)))).toBe('1a03089601');
    expect(hex(new WireWriter().wholes(6, [3, 270, 86942]))).toBe('3206038e029ea705');
  });

  test('writes whole numbers up to 2^53 - 1', () => {
    expect(hex(new WireWriter().whole(1, Number.MAX_SAFE_INTEGER))).toBe('08ffffffffffffff0f');
  });

  test('writes floats little endian', () => {
    expect(hex(new WireWriter().float(2, 1))).toBe('150000803f');
    expect(hex(new WireWriter().floats(7, [1, -2]))).toBe('3a080000803f000000c0');
  });

  test('grows as it must', () => {
    const large = new Uint8Array(100_000).fill(7);

    expect(new WireWriter().block(1, large).block(1, large).finish().length).toBe(2 * (100_000 + 4));
  });
});
