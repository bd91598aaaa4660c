import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '@session-guard/auth';
import { AppController } from './app.controller.ts';

/** A secret and a database that somebody else's Better Auth has: all a newcomer brings. */
const { DATABASE_URL = '', BETTER_AUTH_SECRET = '', BETTER_AUTH_URL = '' } = process.env;

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: DATABASE_URL, autoLoadEntities: true }),
    AuthModule.forRoot({ baseURL: BETTER_AUTH_URL, secret: BETTER_AUTH_SECRET }),
  ],
  controllers: [AppController],
})
export class AppModule {}
