import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppController } from './app.controller.ts';
import { env } from './env.ts';
import { JwtStrategy } from './jwt.strategy.ts';
import { NoteEntity } from './note.entity.ts';

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: env.databaseUrl, autoLoadEntities: true }),
    TypeOrmModule.forFeature([NoteEntity]),
    PassportModule,
  ],
  controllers: [AppController],
  providers: [JwtStrategy],
})
export class AppModule {}
