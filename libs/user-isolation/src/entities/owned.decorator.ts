import { Column, type EntityMetadata } from 'typeorm';
import { OWNER_PROPERTY } from '../isolation.constants.ts';
import { OWNER_COLUMN_OPTIONS, OwnedEntity } from './owned.entity.ts';

const owned = new WeakSet<object>();

/**
 * Makes an entity owned that already has another base class; otherwise extend `OwnedEntity`.
 * Declare `readonly userId!: string` on the class to read the owner.
 *
 * @example @Owned() @Entity('invoice') export class Invoice extends Auditable { readonly userId!: string; … }
 */
export function Owned(): ClassDecorator {
  return (target) => {
    if (isOwned(target)) return;
    owned.add(target);
    Column(OWNER_COLUMN_OPTIONS)(target.prototype as object, OWNER_PROPERTY);
  };
}

/** Whether the entity's rows belong to one user, by `OwnedEntity` or `@Owned()`, itself or an ancestor. */
export function isOwned(target: unknown): boolean {
  for (let type: unknown = target; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    if (owned.has(type) || type === OwnedEntity) return true;
  }
  return false;
}

/** Whether TypeORM's entity is owned; entity schemas without a class are not. */
export function isOwnedMetadata(metadata: EntityMetadata): boolean {
  return isOwned(metadata.target);
}
