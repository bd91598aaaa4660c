import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type AuthenticatedSession, type AuthenticatedUser, CurrentSession, CurrentUser } from '@session-guard/auth';
import { MeResponseDto } from './me.dto.ts';

@ApiTags('Account')
@Controller('me')
export class MeController {
  @Get()
  @ApiOperation({
    operationId: 'getMe',
    summary: 'Who is signed in',
    description: 'The user and the session of the credential. No token is ever returned.',
  })
  @ApiOkResponse({ type: MeResponseDto, description: 'The user and the session.' })
  me(@CurrentUser() user: AuthenticatedUser, @CurrentSession() session: AuthenticatedSession): MeResponseDto {
    return {
      data: {
        user: {
          id: user.id,
          name: user.name,
          email: user.email,
          emailVerified: user.emailVerified,
          image: user.image,
          role: user.role,
        },
        session: {
          id: session.id,
          createdAt: session.createdAt.toISOString(),
          expiresAt: session.expiresAt.toISOString(),
          impersonatedBy: session.impersonatedBy,
        },
      },
    };
  }
}
