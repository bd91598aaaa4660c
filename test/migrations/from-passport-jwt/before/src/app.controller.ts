import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { JwtUser } from './jwt.strategy.ts';
import { NoteEntity } from './note.entity.ts';

@Controller()
export class AppController {
  constructor(@InjectRepository(NoteEntity) private readonly notes: Repository<NoteEntity>) {}

  @UseGuards(AuthGuard('jwt'))
  @Get('me')
  me(@Req() { user }: { user: JwtUser }) {
    return { id: user.userId, name: user.name, email: user.email };
  }

  @UseGuards(AuthGuard('jwt'))
  @Get('notes')
  list(@Req() { user }: { user: JwtUser }) {
    return this.notes.find({ where: { userId: user.userId }, select: { id: true, body: true } });
  }

  @Get('status')
  status() {
    return { ok: true };
  }
}
