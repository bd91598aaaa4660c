import { capital } from '../names.ts';
import type { Resource } from '../resource.ts';

/** `<names>.controller.ts` */
export function controller({ names }: Resource): string {
  return `import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res }
  from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiResponse,
  ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { apiPath } from '../api.paths.ts';
import { entityTag, namesVersion, parseEntityTags } from '../http/caching/entity-tag.ts';
import { UuidPipe } from '../http/input/uuid.pipe.ts';
import { Idempotent } from '../idempotency/idempotent.decorator.ts';
import { ApiProblems, ApiResponseHeaders } from '../openapi/api-responses.decorator.ts';
import { Create${names.pascal}Dto } from './create-${names.kebab}.dto.ts';
import { List${names.pascalPlural}Query, ${names.pascal}ListDto } from './list-${names.kebabPlural}.dto.ts';
import { ${names.pascal}ResponseDto, to${names.pascal}Dto } from './${names.kebab}.dto.ts';
import { ${names.pascalPlural}Service } from './${names.kebabPlural}.service.ts';
import { requireChanges, Update${names.pascal}Dto } from './update-${names.kebab}.dto.ts';

const IF_MATCH = { name: 'If-Match', required: false,
  description: 'Only if the ${names.title} still has one of these versions, or \`*\`.',
  schema: { type: 'string' } } as const;
const ID = { name: 'id', description: "The ${names.title}'s id.", schema: { type: 'string', format: 'uuid' } } as const;

@ApiTags('${capital(names.titlePlural)}')
@Controller('${names.kebabPlural}')
export class ${names.pascalPlural}Controller {
  constructor(private readonly ${names.camelPlural}: ${names.pascalPlural}Service) {}

  @Get()
  @ApiOperation({ operationId: 'list${names.pascalPlural}', summary: 'List ${names.titlePlural}',
    description:
      'One page, the newest first. The order is stable: one added meanwhile never repeats or hides another.' })
  @ApiOkResponse({ type: ${names.pascal}ListDto, description: 'A page of ${names.titlePlural}.' })
  async list(@Query() query: List${names.pascalPlural}Query): Promise<${names.pascal}ListDto> {
    const { ${names.camelPlural}, nextCursor, limit } = await this.${names.camelPlural}.list(query);
    return { data: ${names.camelPlural}.map(to${names.pascal}Dto), page: { nextCursor, limit } };
  }

  @Post()
  @ApiOperation({ operationId: 'create${names.pascal}', summary: 'Create ${names.article}',
    description:
      'It belongs to the signed-in user. With an \`Idempotency-Key\` it is created once, however often it is sent.' })
  @ApiCreatedResponse({ type: ${names.pascal}ResponseDto, description: 'The ${names.title} as it was created.' })
  @ApiResponseHeaders('ETag', 'Location')
  @Idempotent({ operation: 'create${names.pascal}', body: Create${names.pascal}Dto })
  async create(
    @Body() body: Create${names.pascal}Dto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<${names.pascal}ResponseDto> {
    const created = await this.${names.camelPlural}.create(body);
    reply.headers({ location: apiPath('${names.kebabPlural}', created.id), etag: entityTag(created.version) });
    return { data: to${names.pascal}Dto(created) };
  }

  @Get(':id')
  @ApiOperation({ operationId: 'get${names.pascal}', summary: 'Read ${names.article}',
    description: 'With its \`ETag\`, which \`If-Match\` and \`If-None-Match\` take.' })
  @ApiParam(ID)
  @ApiHeader({ name: 'If-None-Match', required: false,
    description: 'Versions the client has: 304 when one of them is current.', schema: { type: 'string' } })
  @ApiOkResponse({ type: ${names.pascal}ResponseDto, description: 'The ${names.title}.' })
  @ApiResponse({ status: 304, description: 'The version the client has is current.' })
  @ApiResponseHeaders('ETag')
  async get(
    @Param('id', UuidPipe) id: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<${names.pascal}ResponseDto | undefined> {
    const known = parseEntityTags('if-none-match', ifNoneMatch);
    const found = await this.${names.camelPlural}.get(id);
    reply.header('etag', entityTag(found.version));
    if (namesVersion(known, found.version)) {
      reply.code(304);
      return undefined;
    }
    return { data: to${names.pascal}Dto(found) };
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'update${names.pascal}', summary: 'Change ${names.article}',
    description: 'Without \`If-Match\` the last write wins.' })
  @ApiParam(ID)
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ type: ${names.pascal}ResponseDto, description: 'The ${names.title} as it is now.' })
  @ApiResponseHeaders('ETag')
  @ApiProblems(412)
  async update(
    @Param('id', UuidPipe) id: string,
    @Body() body: Update${names.pascal}Dto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<${names.pascal}ResponseDto> {
    requireChanges(body);
    const changed = await this.${names.camelPlural}.update(id, body, parseEntityTags('if-match', ifMatch));
    reply.header('etag', entityTag(changed.version));
    return { data: to${names.pascal}Dto(changed) };
  }

  @Delete(':id')
  @ApiOperation({ operationId: 'delete${names.pascal}', summary: 'Delete ${names.article}',
    description: 'Without \`If-Match\` whatever version it has.' })
  @ApiParam(ID)
  @ApiHeader(IF_MATCH)
  @ApiNoContentResponse({ description: 'The ${names.title} is gone.' })
  @ApiProblems(412)
  @HttpCode(204)
  remove(@Param('id', UuidPipe) id: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    return this.${names.camelPlural}.remove(id, parseEntityTags('if-match', ifMatch));
  }
}
`;
}
