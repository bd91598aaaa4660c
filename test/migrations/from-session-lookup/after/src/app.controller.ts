import { Controller, Get } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { AllowAnonymous, CurrentUser, type AuthenticatedUser } from '@session-guard/auth';
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

  @AllowAnonymous()
  @Get('status')
  status() {
    return { ok: true };
  }
}
