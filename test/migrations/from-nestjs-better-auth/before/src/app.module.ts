import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '@thallesp/nestjs-better-auth';
import { AppController } from './app.controller.ts';
import { auth } from './auth.ts';
import { env } from './env.ts';
import { NoteEntity } from './note.entity.ts';
import { WelcomeHook } from './welcome.hook.ts';

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: env.databaseUrl, autoLoadEntities: true }),
    TypeOrmModule.forFeature([NoteEntity]),
    AuthModule.forRoot({ auth }),
  ],
  controllers: [AppController],
  providers: [WelcomeHook],
})
export class AppModule {}
