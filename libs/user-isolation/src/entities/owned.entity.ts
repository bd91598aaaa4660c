import { Column } from 'typeorm';
import { CURRENT_OWNER_SQL, OWNER_COLUMN } from '../isolation.constants.ts';

/** The owner column: filled by PostgreSQL from the transaction's user, never written by the application. */
export const OWNER_COLUMN_OPTIONS = {
  name: OWNER_COLUMN,
  type: 'text',
  insert: false,
  update: false,
  default: () => CURRENT_OWNER_SQL,
} as const;

/**
 * Base class of an entity whose rows belong to one user.
 *
 * The owner is not a property to set: PostgreSQL fills it from the user the transaction runs for, and row level
 * security refuses anything else.
 *
 * @example
 * @Entity('note')
 * export class Note extends OwnedEntity {
 *   @PrimaryGeneratedColumn('uuid') readonly id!: string;
 *   @Column('text') body!: string;
 * }
 */
export abstract class OwnedEntity {
  /** Better Auth's user id. Keep it off the wire: the caller knows who they are. */
  @Column(OWNER_COLUMN_OPTIONS)
  readonly userId!: string;
}
