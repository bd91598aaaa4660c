import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '@session-guard/auth';
import { AppController } from './app.controller.ts';
import { env } from './env.ts';
import { NoteEntity } from './note.entity.ts';

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: env.databaseUrl, autoLoadEntities: true }),
    TypeOrmModule.forFeature([NoteEntity]),
    AuthModule.forRoot({ baseURL: env.betterAuthUrl, secret: env.betterAuthSecret }),
  ],
  controllers: [AppController],
})
export class AppModule {}
