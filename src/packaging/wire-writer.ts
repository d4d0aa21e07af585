/** Wire types of protocol buffers that ONNX needs. */
const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/**
 * Writes protocol buffers, field by field, in the order of the calls.
 *
 * @see Protocol Buffers encoding, https://protobuf.dev/programming-guides/encoding/
 */
export class WireWriter {
  private bytes = new Uint8Array(256);
  private length = 0;

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  /** A whole number ≥ 0, at most 2^53 - 1. */
  whole(field: number, value: number): this {
    this.varint(field * 8 + VARINT);
    this.varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.varint(field * 8 + FIXED32);
    this.raw(floatBytes([value]));
    return this;
  }

  text(field: number, value: string): this {
    return this.block(field, new TextEncoder().encode(value));
  }

  /** Bytes, or a message that is finished. */
  block(field: number, value: Uint8Array): this {
    this.varint(field * 8 + BYTES);
    this.varint(value.length);
    this.raw(value);
    return this;
  }

  message(field: number, message: WireWriter): this {
    return this.block(field, message.bytes.subarray(0, message.length));
  }

  /** Packed whole numbers. */
  wholes(field: number, values: Iterable<number>): this {
    const packed = new WireWriter();
    for (const value of values) packed.varint(value);
    return this.message(field, packed);
  }

  /** Packed 32-bit floats. */
  floats(field: number, values: readonly number[]): this {
    return this.block(field, floatBytes(values));
  }

  private varint(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length] = (rest % 128) + 128;
      this.length += 1;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length] = rest;
    this.length += 1;
  }

  private raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** Floats as little-endian bytes, on a machine of any order. */
export function floatBytes(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => {
    view.setFloat32(index * 4, value, true);
  });
  return new Uint8Array(view.buffer);
}
