import { Body, Controller, Headers, Inject, Module, Post } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { CurrentUser, type AuthenticatedUser } from '@session-guard/auth';
import { DataSource } from 'typeorm';
import { IdempotencyModule } from '../src/idempotency/idempotency.module.ts';
import { Idempotent } from '../src/idempotency/idempotent.decorator.ts';

/** The world outside: answers once it is told to. */
export class World {
  waiting = 0;
  /** Work done, by key. */
  readonly done: string[] = [];
  #open: () => void = () => undefined;
  #opened = new Promise<void>((resolve) => (this.#open = resolve));

  async answer(): Promise<void> {
    this.waiting += 1;
    await this.#opened;
  }

  open(): void {
    this.#open();
  }
}

@Controller('payments')
class PaymentsController {
  constructor(
    @Inject(World) private readonly world: World,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  @Post()
  @Idempotent({ operation: 'pay', body: Object, inTransaction: false })
  async pay(
    @Body() _body: Record<string, unknown>,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<void> {
    await this.dataSource.query('select 1');
    await this.world.answer();
    this.world.done.push(String(key));
  }

  @Post('slow') async slow(@CurrentUser() _user: AuthenticatedUser): Promise<void> {
    await this.dataSource.query('select pg_sleep(1)');
  }
}

@Module({ imports: [IdempotencyModule], controllers: [PaymentsController], providers: [World] })
export class PaymentsModule {}
