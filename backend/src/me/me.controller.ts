import { Controller, Get } from '@nestjs/common';
import { CurrentSession, CurrentUser, type AuthenticatedSession, type AuthenticatedUser } from '@session-guard/auth';
import type { MeResponseDto } from './me.dto.ts';

@Controller('me')
export class MeController {
  @Get()
  me(@CurrentUser() user: AuthenticatedUser, @CurrentSession() session: AuthenticatedSession): MeResponseDto {
    return {
      data: {
        user: { id: user.id, name: user.name, email: user.email, emailVerified: user.emailVerified, image: user.image, role: user.role },
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
