import { didYouMean } from '#kernel';
import { type TrainingErrorCode, trainingError } from './training-error.ts';

const MAX_TEXT = 4096;
const FLOAT32_MAX = 3.4028234663852886e38;

/** Bounds of a list of numbers. */
export interface ListBounds {
  readonly length?: number;
  readonly maxLength?: number;
  /** Whole numbers in [low, high]; left out: finite float32 values. */
  readonly whole?: { readonly low: number; readonly high: number };
}

/** Reads untrusted JSON with a pointer to where it is, so that an error says what is wrong and where. */
export class DocumentReader {
  readonly value: unknown;
  readonly pointer: string;
  private readonly code: TrainingErrorCode;

  constructor(value: unknown, code: TrainingErrorCode, pointer = '') {
    this.value = value;
    this.code = code;
    this.pointer = pointer;
  }

  fail(what: string): never {
    throw trainingError(this.code, `${this.pointer === '' ? 'the document' : this.pointer} ${what}`);
  }

  /** A member of an object; absent members read as undefined. */
  at(key: string): DocumentReader {
    const value: unknown = this.isObject() ? Object.getOwnPropertyDescriptor(this.value, key)?.value : undefined;
    return new DocumentReader(value, this.code, `${this.pointer}/${key}`);
  }

  /** Refuses keys that are not known: a document of another making is not half read. */
  onlyKeys(keys: readonly string[]): void {
    if (!this.isObject()) this.fail('is not an object');
    for (const key of Object.keys(this.value)) {
      if (!keys.includes(key)) this.fail(`has an unknown key "${key.slice(0, 40)}"${didYouMean(key, keys)}`);
    }
  }

  text(): string {
    if (typeof this.value !== 'string' || this.value.length > MAX_TEXT)
      this.fail(`is not a text of at most ${MAX_TEXT} characters`);
    return this.value;
  }

  oneOf<T extends string>(words: readonly T[]): T {
    const found = words.find((word) => word === this.value);
    return found ?? this.fail(`is not one of: ${words.join(', ')}`);
  }

  whole(low: number, high: number): number {
    const value = this.value;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
      return this.fail(`is not a whole number from ${low} to ${high}`);
    }
    return value;
  }

  float32(): number {
    if (!isFloat32(this.value)) return this.fail('is not a finite float32 number');
    return this.value;
  }

  list(maxLength: number): readonly DocumentReader[] {
    return this.array(maxLength).map((item, index) => new DocumentReader(item, this.code, `${this.pointer}/${index}`));
  }

  texts(maxLength: number): readonly string[] {
    const items = this.array(maxLength);
    const isText = (item: unknown): item is string => typeof item === 'string' && item.length <= MAX_TEXT;
    if (!items.every(isText)) return this.fail(`holds something that is not a text of at most ${MAX_TEXT} characters`);
    return items;
  }

  numbers({ length, maxLength, whole }: ListBounds): readonly number[] {
    const items = this.array(maxLength ?? length ?? 0);
    if (length !== undefined && items.length !== length) this.fail(`has ${items.length} values instead of ${length}`);
    const isLegal = (item: unknown): item is number =>
      whole === undefined ? isFloat32(item) : Number.isInteger(item) && Number(item) >= whole.low && Number(item) <= whole.high;
    if (items.every(isLegal)) return items;
    const bad = items.findIndex((item) => !isLegal(item));
    const wanted = whole === undefined ? 'finite float32 numbers' : `whole numbers from ${whole.low} to ${whole.high}`;
    return this.fail(`holds something else than ${wanted} at ${bad}`);
  }

  private array(maxLength: number): readonly unknown[] {
    const value: unknown = this.value;
    if (!Array.isArray(value)) return this.fail('is not a list');
    if (value.length > maxLength) this.fail(`has ${value.length} items; at most ${maxLength}`);
    return value;
  }

  private isObject(): this is { readonly value: object } {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }
}

function isFloat32(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= FLOAT32_MAX;
}
