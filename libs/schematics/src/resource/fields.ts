import { camel, wordsOf } from './names.ts';
import { Refusal } from './refusal.ts';
import { RESERVED_FIELDS, RESERVED_WORDS } from './reserved.ts';

/** The types a field can have. */
export const FIELD_TYPES = ['text', 'int', 'number', 'boolean', 'date', 'timestamptz', 'uuid', 'enum'] as const;
/** One of {@link FIELD_TYPES}. */
export type FieldType = (typeof FIELD_TYPES)[number];

/** One field of a resource. */
export interface Field {
  /** `unitPrice` */
  readonly property: string;
  /** `unit_price` */
  readonly column: string;
  /** `unit price`, in sentences. */
  readonly title: string;
  readonly type: FieldType;
  /** Whether null is allowed, and the field may be left out on creation. */
  readonly nullable: boolean;
  /** Characters of a text at most. */
  readonly max: number;
  /** Values of an enum. */
  readonly values: readonly string[];
}

const ALIASES: Readonly<Record<string, FieldType>> = {
  string: 'text',
  integer: 'int',
  float: 'number',
  double: 'number',
  bool: 'boolean',
  datetime: 'timestamptz',
  timestamp: 'timestamptz',
};

const TEXT_MAX = 5_000;
const TEXT_LONGEST = 100_000;
const FIELD = /^(?<name>[A-Za-z][\w-]*):(?<type>[a-z]+)(?:\((?<arguments>[^()]*)\))?(?<nullable>\?)?$/;
const ENUM_VALUE = /^[a-z][a-z0-9_-]{0,39}$/i;

const GRAMMAR =
  'Fields are written name:type, separated by spaces; a ? at the end allows null. Types: text, text(200), int, ' +
  'number, boolean, date, timestamptz, uuid, enum(a,b). Example: --fields "body:text amount:int? due:timestamptz? ' +
  'kind:enum(a,b)".';

/**
 * Reads the fields of a command line.
 *
 * @throws {Refusal} naming the first that isn't one, with the grammar
 * @example parseFields('body:text amount:int? kind:enum(a,b)')
 */
export function parseFields(text: string): Field[] {
  // Spaces inside of an enum's list don't separate fields.
  const parts = text
    .replaceAll(/\s*([(),])\s*/g, (_match, mark: string) => mark)
    .replaceAll(/\)(?=[A-Za-z])/g, ') ')
    .trim()
    .split(/\s+/)
    .filter((part) => part !== '');
  if (parts.length === 0) throw new Refusal(`A resource needs at least one field. ${GRAMMAR}`);
  const fields = parts.map(parseField);
  for (const [index, { property }] of fields.entries()) {
    if (fields.findIndex((field) => field.property === property) !== index)
      throw new Refusal(`The field "${property}" is given twice.`);
  }
  return fields;
}

function parseField(part: string): Field {
  const { name = '', type: given = '', arguments: inside, nullable } = FIELD.exec(part)?.groups ?? {};
  if (name === '') throw new Refusal(`"${part}" is no field. ${GRAMMAR}`);
  const words = wordsOf(name);
  const property = camel(words);
  if (!/^[a-z][a-zA-Z0-9]*$/.test(property) || words.join('_').length > 50)
    throw new Refusal(`"${name}" can't name a field: use letters a to z and digits, at most 50.`);
  if (RESERVED_FIELDS.has(property))
    throw new Refusal(
      `The field "${property}" is there already, or means something else: every resource has id, createdAt, ` +
        'updatedAt and version, and its owner. Choose another name.',
    );
  if (RESERVED_WORDS.has(property))
    throw new Refusal(`"${property}" is a word of the language: choose another name for the field.`);
  const type = FIELD_TYPES.find((known) => known === given) ?? ALIASES[given];
  if (type === undefined) throw new Refusal(`"${part}": there is no type "${given}". ${GRAMMAR}`);
  return {
    property,
    column: words.join('_'),
    title: words.join(' '),
    type,
    nullable: nullable !== undefined,
    ...details(part, type, inside),
  };
}

function details(part: string, type: FieldType, inside: string | undefined): { max: number; values: string[] } {
  if (type === 'enum') {
    const values = (inside ?? '').split(',');
    if (!values.every((value) => ENUM_VALUE.test(value)))
      throw new Refusal(
        `"${part}": an enum lists its values, e.g. enum(draft,sent): letters, digits, _ and -, beginning with a ` +
          'letter.',
      );
    if (new Set(values).size !== values.length) throw new Refusal(`"${part}": a value is listed twice.`);
    return { max: 0, values };
  }
  if (inside === undefined) return { max: TEXT_MAX, values: [] };
  const max = Number(inside);
  if (type !== 'text' || !Number.isInteger(max) || max < 1 || max > TEXT_LONGEST) {
    throw new Refusal(`"${part}": only text takes a length, from 1 to ${TEXT_LONGEST}, e.g. text(200).`);
  }
  return { max, values: [] };
}
