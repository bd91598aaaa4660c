import { Controller, Get } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { AllowAnonymous, OptionalAuth, Roles, Session, type UserSession } from '@thallesp/nestjs-better-auth';
import { Repository } from 'typeorm';
import { NoteEntity } from './note.entity.ts';

@Controller()
export class AppController {
  constructor(@InjectRepository(NoteEntity) private readonly notes: Repository<NoteEntity>) {}

  @Get('me')
  me(@Session() { user }: UserSession) {
    return { id: user.id, name: user.name, email: user.email };
  }

  @Get('notes')
  list(@Session() { user }: UserSession) {
    return this.notes.find({ where: { userId: user.id }, select: { id: true, body: true } });
  }

  @OptionalAuth()
  @Get('greeting')
  greeting(@Session() session: UserSession | null) {
    return { text: session ? `Hello ${session.user.name}` : 'Hello' };
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
