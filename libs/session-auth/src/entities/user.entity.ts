import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * Better Auth's `user` table (better-auth 1.7, `db/get-migration`), read-only: Better Auth writes and migrates it,
 * so no column here is ever inserted, updated or synchronised. The columns of the `admin` plugin are null where
 * the plugin isn't installed.
 *
 * @example Custom fields (Better Auth's `user.additionalFields`): subclass, register, and type the decorator.
 * ```ts
 * @Entity({ name: 'user', synchronize: false })
 * export class AppUser extends UserEntity {
 *   @Column({ type: 'text', nullable: true, insert: false, update: false }) plan!: string | null;
 * }
 * AuthModule.forRoot({ …, userEntity: AppUser });
 * declare module '@session-guard/auth' { interface AuthTypes { user: AppUser } }
 * ```
 */
@Entity({ name: 'user', synchronize: false })
export class UserEntity {
  @PrimaryColumn({ type: 'text', insert: false, update: false })
  id!: string;

  @Column({ type: 'text', insert: false, update: false })
  name!: string;

  @Column({ type: 'text', insert: false, update: false })
  email!: string;

  @Column({ type: 'boolean', insert: false, update: false })
  emailVerified!: boolean;

  @Column({ type: 'text', nullable: true, insert: false, update: false })
  image!: string | null;

  @Column({ type: 'timestamptz', insert: false, update: false })
  createdAt!: Date;

  @Column({ type: 'timestamptz', insert: false, update: false })
  updatedAt!: Date;

  /** Comma-separated roles of the `admin` plugin, e.g. `user` or `admin,support`. */
  @Column({ type: 'text', nullable: true, insert: false, update: false })
  role!: string | null;

  @Column({ type: 'boolean', nullable: true, insert: false, update: false })
  banned!: boolean | null;

  @Column({ type: 'text', nullable: true, insert: false, update: false })
  banReason!: string | null;

  /** End of the ban; null with `banned` means for good. */
  @Column({ type: 'timestamptz', nullable: true, insert: false, update: false })
  banExpires!: Date | null;
}

/** Columns that exist only with a Better Auth plugin: absent in the database, they read as null. */
export const PLUGIN_USER_COLUMNS: readonly string[] = ['role', 'banned', 'banReason', 'banExpires'];
