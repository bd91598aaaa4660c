import { deserialize, serialize } from 'node:v8';

/**
 * A session and its user as memory keeps them: texts, numbers (dates as milliseconds), booleans, nulls and
 * {@link Snapshot}s. Nothing in it can be changed through an identity that was made from it.
 */
export type Packed = readonly unknown[];

/**
 * A value that could be changed (the object of a `jsonb` column, an array, bytes), written down. Each identity gets a
 * copy of its own, so that no handler changes what another request sees. Classes of a driver's parsers arrive as plain
 * objects; a column with a TypeORM transformer gets its own class each time.
 */
export class Snapshot {
  private constructor(
    /** A character a byte: smaller than a Buffer, and no copy shares its memory. */
    readonly bytes: string,
  ) {}

  static of(value: unknown): Snapshot {
    return new Snapshot(serialize(value).toString('latin1'));
  }

  read(): unknown {
    return deserialize(Buffer.from(this.bytes, 'latin1'));
  }
}

/** What an entry takes besides its values: keys, indexes, the array. Rounded up from what was measured. */
const ENTRY_BYTES = 448;

/** What a value takes besides its text. */
const VALUE_BYTES = 16;

/** Bytes of heap that remembering takes, rather too many than too few. */
export function bytesOf(packed: Packed): number {
  let bytes = ENTRY_BYTES;
  for (const value of packed) {
    if (typeof value === 'string') bytes += VALUE_BYTES + textBytes(value);
    else if (value instanceof Snapshot) bytes += 2 * VALUE_BYTES + value.bytes.length;
    else if (value !== null) bytes += 8;
  }
  return bytes;
}

/** V8 keeps a text with one character beyond Latin-1 in two bytes each. */
function textBytes(text: string): number {
  return Buffer.byteLength(text, 'utf8') === text.length ? text.length : 2 * text.length;
}

/** The same values, but `known`'s own where both are equal, so that sessions of one user share its texts. */
export function shareEqual(packed: Packed, known: Packed): Packed {
  return packed.map((value, index) => (isEqual(value, known[index]) ? known[index] : value));
}

function isEqual(value: unknown, other: unknown): boolean {
  if (value instanceof Snapshot) return other instanceof Snapshot && value.bytes === other.bytes;
  return value === other;
}
