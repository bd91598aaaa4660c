import { Global, Module } from '@nestjs/common';
import { ENV } from '../env.module.ts';
import type { Env } from '../env.ts';
import { CursorCodec } from './cursor.ts';

/** The cursors of every list. */
@Global()
@Module({
  providers: [{ provide: CursorCodec, inject: [ENV], useFactory: (env: Env) => new CursorCodec(env.secrets[0]) }],
  exports: [CursorCodec],
})
export class PagingModule {}
