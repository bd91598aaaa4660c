import { OwnedEntity } from '@session-guard/isolation';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A request that was sent with an `Idempotency-Key`, and its answer. The key is unique for its owner. */
@Entity('idempotency_key')
export class IdempotencyKeyEntity extends OwnedEntity {
  @PrimaryColumn({ type: 'text' })
  key!: string;

  /** Digest of what was asked: the same key with another request is a mistake. */
  @Column({ type: 'text' })
  fingerprint!: string;

  /** Who took the key and is at work; meaningful until there is a body. */
  @Column({ type: 'uuid', nullable: true })
  claim!: string | null;

  @Column({ type: 'json', nullable: true })
  headers!: Record<string, string | string[]> | null;

  /** JSON text, so that a replay is the same to the byte; null while the request is at work. */
  @Column({ type: 'text', nullable: true })
  body!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', insert: false, update: false })
  createdAt!: Date;
}
