import { Controller, Get } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { AllowAnonymous, CurrentUser, OptionalAuth, Roles, type AuthenticatedUser } from '@session-guard/auth';
import { Repository } from 'typeorm';
import { NoteEntity } from './note.entity.ts';

@Controller()
export class AppController {
  constructor(@InjectRepository(NoteEntity) private readonly notes: Repository<NoteEntity>) {}

  @Get('me')
  me(@CurrentUser() user: AuthenticatedUser) {
    return { id: user.id, name: user.name, email: user.email };
  }

  @Get('notes')
  list(@CurrentUser() user: AuthenticatedUser) {
    return this.notes.find({ where: { userId: user.id }, select: { id: true, body: true } });
  }

  @OptionalAuth()
  @Get('greeting')
  greeting(@CurrentUser() user: AuthenticatedUser | null) {
    return { text: user ? `Hello ${user.name}` : 'Hello' };
  }

  @Roles(['admin'])
  @Get('notes/count')
  async count() {
    return { notes: await this.notes.count() };
  }

  @AllowAnonymous()
  @Get('status')
  status() {
    return { ok: true };
  }
}
