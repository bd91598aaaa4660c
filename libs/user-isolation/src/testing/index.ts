export { expectAccess } from './access.file.ts';
export {
  inspectIsolation,
  type IsolationKitOptions,
  type IsolationReport,
  type ProbeContext,
} from './isolation.kit.ts';
export type { OpenApiDocument } from './openapi.types.ts';
export type { Method } from './routes.ts';
export type { Answer, KitUser } from './visitor.ts';
