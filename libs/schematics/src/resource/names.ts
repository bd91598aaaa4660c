import pluralize from 'pluralize';
import { Refusal } from './refusal.ts';

/** One name in every spelling the generated code needs. */
export interface Names {
  /** `purchase-order`, of files. */
  readonly kebab: string;
  /** `purchase-orders`, of the folder and the route. */
  readonly kebabPlural: string;
  /** `purchaseOrder` */
  readonly camel: string;
  /** `purchaseOrders` */
  readonly camelPlural: string;
  /** `PurchaseOrder` */
  readonly pascal: string;
  /** `PurchaseOrders` */
  readonly pascalPlural: string;
  /** `purchase_order`, of the table. */
  readonly snake: string;
  /** `purchase order`, in sentences. */
  readonly title: string;
  /** `purchase orders`, in sentences. */
  readonly titlePlural: string;
  /** `a purchase order`, in sentences. */
  readonly article: string;
}

/** PostgreSQL cuts identifiers at 63 bytes, and constraints add to the table's name. */
const LONGEST = 40;
const WORD = /^[a-z][a-z0-9]*$/;

/** The words of a name, lower-case: `PurchaseOrder`, `purchase order` and `purchase_order` are the same two. */
export function wordsOf(text: string): string[] {
  return text
    .trim()
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/**
 * The spellings of a resource's name, given in singular or plural.
 *
 * @throws {Refusal} when it can't name a class, a table and a route
 */
export function namesOf(text: string): Names {
  const words = wordsOf(text);
  const last = words.at(-1);
  if (last === undefined) throw new Refusal('A resource needs a name, e.g. "purchase order".');
  if (!words.every((word) => WORD.test(word))) {
    throw new Refusal(
      `"${text}" can't name a class, a table and a route: use words of the letters a to z and digits, each ` +
        'beginning with a letter, e.g. "purchase order".',
    );
  }
  const before = words.slice(0, -1);
  const singular = [...before, pluralize.singular(last)];
  const plural = [...before, pluralize.plural(last)];
  const names = {
    kebab: singular.join('-'),
    kebabPlural: plural.join('-'),
    camel: camel(singular),
    camelPlural: camel(plural),
    pascal: pascal(singular),
    pascalPlural: pascal(plural),
    snake: singular.join('_'),
    title: singular.join(' '),
    titlePlural: plural.join(' '),
    article: `${/^[aeiou]/.test(singular[0] ?? '') ? 'an' : 'a'} ${singular.join(' ')}`,
  };
  if (names.snake.length > LONGEST)
    throw new Refusal(`"${text}" is too long for PostgreSQL's names: at most ${LONGEST} characters.`);
  return names;
}

/** `unitPrice` */
export function camel(words: readonly string[]): string {
  return words.map((word, index) => (index === 0 ? word : capital(word))).join('');
}

/** `UnitPrice` */
export function pascal(words: readonly string[]): string {
  return words.map(capital).join('');
}

/** The first letter in upper case. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
