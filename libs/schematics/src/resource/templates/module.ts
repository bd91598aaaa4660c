import type { Resource } from '../resource.ts';

/** `<names>.module.ts` */
export function module({ names }: Resource): string {
  return `import { Module } from '@nestjs/common';
import { IsolationModule } from '@session-guard/isolation';
import { IdempotencyModule } from '../idempotency/idempotency.module.ts';
import { ${names.pascal}Entity } from './${names.kebab}.entity.ts';
import { ${names.pascalPlural}Controller } from './${names.kebabPlural}.controller.ts';
import { ${names.pascalPlural}Service } from './${names.kebabPlural}.service.ts';

@Module({
  imports: [IsolationModule.forFeature([${names.pascal}Entity]), IdempotencyModule],
  controllers: [${names.pascalPlural}Controller],
  providers: [${names.pascalPlural}Service],
})
export class ${names.pascalPlural}Module {}
`;
}
