import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppController } from './app.controller.ts';
import { env } from './env.ts';
import { NoteEntity } from './note.entity.ts';

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: env.databaseUrl, autoLoadEntities: true }),
    TypeOrmModule.forFeature([NoteEntity]),
  ],
  controllers: [AppController],
})
export class AppModule {}
