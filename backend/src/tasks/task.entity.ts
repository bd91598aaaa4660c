import { Column, CreateDateColumn, DeleteDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { OwnedEntity } from '@session-guard/isolation';

export const TASK_STATUSES = ['todo', 'in_progress', 'done'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** From least to most urgent: sorting by priority follows this order. */
export const TASK_PRIORITIES = ['low', 'medium', 'high'] as const;
export type TaskPriority = (typeof TASK_PRIORITIES)[number];

const SORT_KEY = { select: false, insert: false, update: false } as const;

/** Something a user has to do. Every row belongs to one user, in the query and by row level security. */
@Entity('task')
export class TaskEntity extends OwnedEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  @Column({ type: 'text', default: 'todo' })
  status!: TaskStatus;

  @Column({ type: 'text', default: 'medium' })
  priority!: TaskPriority;

  // The day in UTC is `dueOn`; a task that is given a day alone is due at noon, which is that day nearly everywhere.
  // Milliseconds throughout: JavaScript dates would lose the microseconds, and a cursor with them.
  @Column({ name: 'due_at', type: 'timestamptz', precision: 3, nullable: true })
  dueAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  // Set by the update statements themselves, with the database's clock.
  @Column({ name: 'updated_at', type: 'timestamptz', precision: 3, default: () => 'now()' })
  updatedAt!: Date;

  /** Rises by one with every change; the ETag. */
  @Column({ type: 'integer', default: 1 })
  version!: number;

  /** When the user deleted it. TypeORM leaves such rows out of every `select`; other statements say so themselves. */
  @DeleteDateColumn({ name: 'deleted_at', type: 'timestamptz', precision: 3, select: false })
  deletedAt?: Date | null;

  // What lists sort by, computed by PostgreSQL: never null, so that one row comparison finds where a page begins, and
  // plain columns, because row level security lets only leakproof comparisons of columns reach an index.
  @Column({ ...SORT_KEY, name: 'title_key', type: 'text' })
  titleKey?: string;

  @Column({ ...SORT_KEY, name: 'priority_key', type: 'smallint' })
  priorityKey?: number;

  @Column({ ...SORT_KEY, name: 'due_asc_key', type: 'timestamptz', precision: 3 })
  dueAscKey?: Date | number;

  @Column({ ...SORT_KEY, name: 'due_desc_key', type: 'timestamptz', precision: 3 })
  dueDescKey?: Date | number;
}
