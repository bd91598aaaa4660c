import { Controller, Get, UseGuards } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { CurrentUser } from './current-user.decorator.ts';
import { NoteEntity } from './note.entity.ts';
import { SessionLookupGuard, type SessionUser } from './session-lookup.guard.ts';

@Controller()
export class AppController {
  constructor(@InjectRepository(NoteEntity) private readonly notes: Repository<NoteEntity>) {}

  @UseGuards(SessionLookupGuard)
  @Get('me')
  me(@CurrentUser() user: SessionUser) {
    return { id: user.id, name: user.name, email: user.email };
  }

  @UseGuards(SessionLookupGuard)
  @Get('notes')
  list(@CurrentUser() user: SessionUser) {
    return this.notes.find({ where: { userId: user.id }, select: { id: true, body: true } });
  }

  @Get('status')
  status() {
    return { ok: true };
  }
}
