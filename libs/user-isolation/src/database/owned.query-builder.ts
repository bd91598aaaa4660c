import {
  DeleteQueryBuilder,
  type ObjectLiteral,
  type QueryBuilder,
  SelectQueryBuilder,
  UpdateQueryBuilder,
} from 'typeorm';
import { SoftDeleteQueryBuilder } from 'typeorm/query-builder/SoftDeleteQueryBuilder.js';
import { currentOwner } from '../context/owner.context.ts';
import { isOwnedMetadata } from '../entities/owned.decorator.ts';
import { OWNER_COLUMN } from '../isolation.constants.ts';
import { NoOwnerError } from '../isolation.error.ts';

const PARAMETER = 'isolationOwner';

/**
 * Adds `owner column = current user` to the WHERE of a query over an owned entity, whatever conditions the code gave
 * or forgot. The condition is added when the SQL is written, so that a later `.where()` cannot replace it.
 *
 * @throws {NoOwnerError} when the entity is owned and no user is known
 */
function scoped(builder: QueryBuilder<ObjectLiteral>, where: string): string {
  const { mainAlias, aliasNamePrefixingEnabled } = builder.expressionMap;
  if (mainAlias?.hasMetadata !== true || !isOwnedMetadata(mainAlias.metadata)) return where;
  const owner = currentOwner();
  if (owner === undefined) throw new NoOwnerError(mainAlias.metadata.name);
  builder.setParameter(PARAMETER, owner);
  const column = builder.escape(OWNER_COLUMN);
  const condition = `${aliasNamePrefixingEnabled ? `${builder.escape(mainAlias.name)}.` : ''}${column} = :${PARAMETER}`;
  const given = where.trim().replace(/^WHERE\s+/i, '');
  return given === '' ? ` WHERE ${condition}` : ` WHERE ${condition} AND ( ${given} )`;
}

/** TypeORM's query builder whose queries over owned entities reach the current user's rows only. */
export class OwnedSelectQueryBuilder<Entity extends ObjectLiteral> extends SelectQueryBuilder<Entity> {
  protected override createWhereExpression(): string {
    return scoped(this, super.createWhereExpression());
  }

  override update(...args: unknown[]): UpdateQueryBuilder<Entity> {
    return new OwnedUpdateQueryBuilder<Entity>(super.update(...(args as Parameters<SelectQueryBuilder<Entity>['update']>)));
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
}

class OwnedUpdateQueryBuilder<Entity extends ObjectLiteral> extends UpdateQueryBuilder<Entity> {
  protected override createWhereExpression(): string {
    return scoped(this, super.createWhereExpression());
  }
}

class OwnedDeleteQueryBuilder<Entity extends ObjectLiteral> extends DeleteQueryBuilder<Entity> {
  protected override createWhereExpression(): string {
    return scoped(this, super.createWhereExpression());
  }
}

class OwnedSoftDeleteQueryBuilder<Entity extends ObjectLiteral> extends SoftDeleteQueryBuilder<Entity> {
  protected override createWhereExpression(): string {
    return scoped(this, super.createWhereExpression());
  }
}
