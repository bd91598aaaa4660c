import { Controller, Get } from '@nestjs/common';
import { AllowAnonymous, CurrentUser, type AuthenticatedUser } from '@session-guard/auth';

@Controller()
export class AppController {
  @Get('me')
  me(@CurrentUser() user: AuthenticatedUser) {
    return { id: user.id, email: user.email };
  }

  @AllowAnonymous()
  @Get('open')
  open() {
    return { open: true };
  }
}
