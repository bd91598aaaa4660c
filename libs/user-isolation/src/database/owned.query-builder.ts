import {
  DeleteQueryBuilder,
  InsertQueryBuilder,
  type ObjectLiteral,
  RelationQueryBuilder,
  SelectQueryBuilder,
  UpdateQueryBuilder,
} from 'typeorm';
import { ownJoins, ownRows, requireOwner, withOwner } from './owner.condition.ts';
import { refuseCaching } from './result.cache.ts';
import { SoftDeleteQueryBuilder } from './typeorm-internals.ts';

/** TypeORM's query builder whose queries over owned entities reach the current user's rows only. */
export class OwnedSelectQueryBuilder<Entity extends ObjectLiteral> extends SelectQueryBuilder<Entity> {
  override getQuery(): string {
    const sql = super.getQuery();
    if (!this.parentQueryBuilder) refuseCaching(this, sql);
    return sql;
  }

  override getParameters(): ObjectLiteral {
    return withOwner(super.getParameters());
  }

  protected override createWhereExpression(): string {
    return ownRows(this, super.createWhereExpression());
  }

  protected override createJoinExpression(): string {
    return ownJoins(this, () => super.createJoinExpression());
  }

  override insert(): InsertQueryBuilder<Entity> {
    return new OwnedInsertQueryBuilder<Entity>(super.insert());
  }

  override update(...args: unknown[]): UpdateQueryBuilder<Entity> {
    const update = super.update(...(args as Parameters<SelectQueryBuilder<Entity>['update']>));
    return new OwnedUpdateQueryBuilder<Entity>(update);
  }

  override delete(): DeleteQueryBuilder<Entity> {
    return new OwnedDeleteQueryBuilder<Entity>(super.delete());
  }

  override softDelete(): SoftDeleteQueryBuilder<Entity> {
    return new OwnedSoftDeleteQueryBuilder<Entity>(super.softDelete());
  }

  override restore(): SoftDeleteQueryBuilder<Entity> {
    return new OwnedSoftDeleteQueryBuilder<Entity>(super.restore());
  }

  override relation(...args: unknown[]): RelationQueryBuilder<Entity> {
    const relation = super.relation(...(args as Parameters<SelectQueryBuilder<Entity>['relation']>));
    return new OwnedRelationQueryBuilder<Entity>(relation);
  }
}

/** PostgreSQL fills the row's owner; this only checks that there is one. */
class OwnedInsertQueryBuilder<Entity extends ObjectLiteral> extends InsertQueryBuilder<Entity> {
  override getQuery(): string {
    requireOwner(this);
    return super.getQuery();
  }

  override getParameters(): ObjectLiteral {
    return withOwner(super.getParameters());
  }
}

class OwnedUpdateQueryBuilder<Entity extends ObjectLiteral> extends UpdateQueryBuilder<Entity> {
  override getParameters(): ObjectLiteral {
    return withOwner(super.getParameters());
  }

  protected override createWhereExpression(): string {
    return ownRows(this, super.createWhereExpression());
  }
}

class OwnedDeleteQueryBuilder<Entity extends ObjectLiteral> extends DeleteQueryBuilder<Entity> {
  override getParameters(): ObjectLiteral {
    return withOwner(super.getParameters());
  }

  protected override createWhereExpression(): string {
    return ownRows(this, super.createWhereExpression());
  }
}

class OwnedSoftDeleteQueryBuilder<Entity extends ObjectLiteral> extends SoftDeleteQueryBuilder<Entity> {
  override getParameters(): ObjectLiteral {
    return withOwner(super.getParameters());
  }

  protected override createWhereExpression(): string {
    return ownRows(this, super.createWhereExpression());
  }
}

/** Delegates to an owned builder, which adds, sets and removes the related rows. */
class OwnedRelationQueryBuilder<Entity extends ObjectLiteral> extends RelationQueryBuilder<Entity> {
  override createQueryBuilder(queryRunner = this.queryRunner): this {
    return new OwnedSelectQueryBuilder<Entity>(this.dataSource, queryRunner) as unknown as this;
  }
}
