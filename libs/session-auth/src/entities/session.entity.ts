import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { UserEntity } from './user.entity.ts';

/**
 * Better Auth's `session` table, read-only. The token column is never selected unless a query asks for it by
 * name: a session that reaches application code carries no credential.
 */
@Entity({ name: 'session', synchronize: false })
export class SessionEntity {
  @PrimaryColumn({ type: 'text', insert: false, update: false })
  id!: string;

  @Column({ type: 'text', insert: false, update: false })
  userId!: string;

  @Column({ type: 'text', unique: true, select: false, insert: false, update: false })
  token!: string;

  @Column({ type: 'timestamptz', insert: false, update: false })
  expiresAt!: Date;

  @Column({ type: 'timestamptz', insert: false, update: false })
  createdAt!: Date;

  @Column({ type: 'timestamptz', insert: false, update: false })
  updatedAt!: Date;

  @Column({ type: 'text', nullable: true, insert: false, update: false })
  ipAddress!: string | null;

  @Column({ type: 'text', nullable: true, insert: false, update: false })
  userAgent!: string | null;

  /** `admin` plugin: id of the administrator who acts as this user. */
  @Column({ type: 'text', nullable: true, insert: false, update: false })
  impersonatedBy!: string | null;

  /** `organization` plugin: the organization the user works in now. */
  @Column({ type: 'text', nullable: true, insert: false, update: false })
  activeOrganizationId!: string | null;

  @ManyToOne(() => UserEntity, { persistence: false, createForeignKeyConstraints: false })
  @JoinColumn({ name: 'userId' })
  user?: Relation<UserEntity>;
}

/** Columns that exist only with a Better Auth plugin: absent in the database, they read as null. */
export const PLUGIN_SESSION_COLUMNS: readonly string[] = ['impersonatedBy', 'activeOrganizationId'];
