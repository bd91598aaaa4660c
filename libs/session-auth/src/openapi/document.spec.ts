import { Controller, Get, Post, UseGuards } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, type SwaggerDocumentOptions } from '@nestjs/swagger';
import { AllowAnonymous, OptionalAuth, RequireAuth, Roles, SessionGuard } from '@session-guard/auth';
import { createTestApp, FakeAuthModule, FakeSessionVerifier } from '@session-guard/auth/testing';
import { createGuardedDocument } from './index.ts';

@Controller('tasks')
class TasksController {
  @Get()
  list() {
    return [];
  }

  @AllowAnonymous()
  @Get('open')
  open() {
    return [];
  }

  @OptionalAuth()
  @Get('optional')
  optional() {
    return [];
  }

  @Roles(['admin'])
  @Post()
  create() {
    return {};
  }
}

@AllowAnonymous()
@Controller(['health', 'status'])
class HealthController {
  @Get('live')
  live() {
    return 'ok';
  }

  @RequireAuth()
  @Get('details')
  details() {
    return 'ok';
  }
}

class BaseController {
  @Get('shared')
  shared() {
    return 'ok';
  }
}

@Controller('first')
class FirstController extends BaseController {}

@Controller('second')
class SecondController extends BaseController {}

@AllowAnonymous()
@Controller('third')
class ThirdController extends BaseController {}

@Controller('cats')
class CatsController {
  @Get()
  list() {
    return [];
  }

  @UseGuards(SessionGuard)
  @Get('mine')
  mine() {
    return [];
  }
}

const guarded = [{ bearer: [] }, { cookie: [] }];

async function documentOf(
  controllers: (new () => object)[],
  options: Parameters<typeof FakeAuthModule.forRoot>[1] = {},
  swagger: SwaggerDocumentOptions = {},
): Promise<OpenAPIObject> {
  const app = await createTestApp({
    imports: [FakeAuthModule.forRoot(new FakeSessionVerifier(), options)],
    controllers,
  });
  try {
    return createGuardedDocument(app, new DocumentBuilder().setOpenAPIVersion('3.1.0').build(), swagger);
  } finally {
    await app.close();
  }
}

describe('createGuardedDocument:', () => {
  it('each operation has the security that the guard enforces', async () => {
    const { paths } = await documentOf([TasksController, HealthController]);
    expect(paths['/tasks']?.get?.security).toEqual(guarded);
    expect(paths['/tasks']?.post?.security).toEqual(guarded);
    expect(paths['/tasks/open']?.get?.security).toEqual([]);
    expect(paths['/tasks/optional']?.get?.security).toEqual([{}, ...guarded]);
    for (const prefix of ['/health', '/status']) {
      expect(paths[`${prefix}/live`]?.get?.security).toEqual([]);
      expect(paths[`${prefix}/details`]?.get?.security).toEqual(guarded);
    }
  });

  it('leaves no trace of how it finds them, and follows a custom operationIdFactory', async () => {
    const document = await documentOf([TasksController], {}, { operationIdFactory: (_controller, method) => method });
    expect(JSON.stringify(document)).not.toContain('x-session-guard');
    expect(document.paths['/tasks/open']?.get).toMatchObject({ operationId: 'open', security: [] });
  });

  it('names the cookie as it is configured', async () => {
    const { components } = await documentOf([TasksController], {
      baseURL: 'https://app.example.com',
      cookiePrefix: 'acme',
    });
    expect(components?.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      cookie: { type: 'apiKey', in: 'cookie', name: '__Secure-acme.session_token' },
    });
  });

  it('guardAllRoutes: false → only what @UseGuards(SessionGuard) guards has security', async () => {
    const { paths } = await documentOf([CatsController], { guardAllRoutes: false });
    expect(paths['/cats']?.get).not.toHaveProperty('security');
    expect(paths['/cats/mine']?.get?.security).toEqual(guarded);
  });

  it('an inherited handler is described for each controller, and refused where they differ', async () => {
    const { paths } = await documentOf([FirstController, SecondController]);
    expect(paths['/first/shared']?.get?.security).toEqual(guarded);
    expect(paths['/second/shared']?.get?.security).toEqual(guarded);
    await expect(documentOf([FirstController, ThirdController])).rejects.toThrow('ThirdController.shared is inherited');
  });
});
