import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { AfterHook, Hook, type AuthHookContext } from '@thallesp/nestjs-better-auth';
import { Repository } from 'typeorm';
import { NoteEntity } from './note.entity.ts';

@Hook()
@Injectable()
export class WelcomeHook {
  constructor(@InjectRepository(NoteEntity) private readonly notes: Repository<NoteEntity>) {}

  @AfterHook('/sign-up/email')
  async welcome({ context }: AuthHookContext): Promise<void> {
    const userId = context.newSession?.user.id;
    if (userId) await this.notes.insert({ userId, body: 'Welcome' });
  }
}
