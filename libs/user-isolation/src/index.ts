export { currentOwner } from './context/owner.context.ts';
export { OwnerInterceptor } from './context/owner.interceptor.ts';
export {
  createIsolatedDataSource,
  createPlainIsolatedDataSource,
  IsolatedDataSource,
} from './database/isolated.data-source.ts';
export { OwnerPlaces, type OwnerPlacesOptions } from './database/owner.places.ts';
export { isOwned, Owned } from './entities/owned.decorator.ts';
export { OwnedEntity } from './entities/owned.entity.ts';
export {
  getOwnedRepositoryToken,
  InjectOwnedRepository,
  type OwnedEntityClass,
  OwnedRepository,
} from './entities/owned.repository.ts';
export { API_ROLE_SETTING, DEFAULT_API_ROLE, OWNER_COLUMN, OWNER_SETTING } from './isolation.constants.ts';
export {
  AbortedTransactionError,
  ForbiddenStatementError,
  IsolationCheckError,
  IsolationError,
  LateStatementError,
  NoOwnerError,
  OwnedCacheError,
  OwnerBusyError,
  OwnerMismatchError,
} from './isolation.error.ts';
export { IsolationModule } from './isolation.module.ts';
export type { IsolatedRequest, IsolationOptions } from './isolation.options.ts';
export { Isolation, type TransactionOptions } from './isolation.service.ts';
export { apiRole, ownTable, type OwnTableOptions, type RowPrivilege } from './migration/own-table.ts';
export { checkIsolation, type KnownExceptions } from './startup/isolation.check.ts';
