import { Body, Controller, Delete, Get, Inject, Module, Param, Patch, Post, Query } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import {
  InjectOwnedRepository,
  Isolation,
  IsolationModule,
  OwnedEntity,
  OwnedRepository,
  ownTable,
} from '@session-guard/isolation';
import {
  Column,
  DataSource,
  Entity,
  ManyToOne,
  JoinColumn,
  PrimaryGeneratedColumn,
  type QueryDeepPartialEntity,
  type Relation,
} from 'typeorm';

@Entity('shelf')
export class ShelfEntity extends OwnedEntity {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column('text') name!: string;
}

@Entity('book')
export class BookEntity extends OwnedEntity {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column('text') title!: string;
  @Column({ name: 'short_code', type: 'varchar', nullable: true }) shortCode!: string | null;
  @Column({ type: 'text', nullable: true }) isbn!: string | null;
  @Column({ type: 'integer', nullable: true }) pages!: number | null;
  @Column({ type: 'date', nullable: true }) published!: string | null;
  @Column({ type: 'timestamptz', nullable: true }) lent!: string | null;
  @Column({ type: 'int4range', nullable: true }) place!: string | null;
  @Column({ type: 'text', nullable: true }) genre!: string | null;
  @Column({ type: 'jsonb', nullable: true }) extra!: object | null;
  @Column({ type: 'integer', nullable: true }) slot!: number | null;
  @ManyToOne(() => ShelfEntity, { nullable: true })
  @JoinColumn({ name: 'shelf_id' })
  shelf!: Relation<ShelfEntity> | null;
}

/** Makes the tables, as a team's migration would. */
export async function createLibrary(ownerUrl: string): Promise<void> {
  const owner = await new DataSource({ type: 'postgres', url: ownerUrl }).initialize();
  const runner = owner.createQueryRunner();
  await runner.query(`create type genre as enum ('novel', 'poem')`);
  await runner.query('create table shelf (id uuid primary key default gen_random_uuid(), name text not null)');
  await ownTable(runner, 'shelf');
  await runner.query(`
    create table book (
      id uuid primary key default gen_random_uuid(), title text not null,
        title_key text generated always as (lower(title)) stored,
      short_code varchar(5), isbn text, pages integer constraint book_pages_positive check (pages > 0), published date,
        lent timestamptz,
      place int4range, genre genre, extra jsonb, slot integer, shelf_id uuid references shelf (id),
      exclude using gist (place with &&),
      constraint book_slot unique (slot) deferrable initially deferred
    )`);
  await ownTable(runner, 'book');
  await runner.query('alter table book add constraint book_shelf_code unique (user_id, shelf_id, short_code)');
  await runner.query('create unique index book_title on book (user_id, title_key)');
  await runner.query('create unique index book_isbn on book (user_id, lower(isbn))');
  await runner.query('create index book_genre on book (isbn)');
  await owner.destroy();
}

/** A controller as somebody writes one by hand: nothing is caught. */
@Controller('books')
class BooksController {
  constructor(
    @InjectOwnedRepository(BookEntity) private readonly books: OwnedRepository<BookEntity>,
    @Inject(Isolation) private readonly isolation: Isolation,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  @Post() async create(@Body() body: Record<string, unknown>): Promise<void> {
    const { shelfId, ...values } = body;
    await this.books.insert({
      ...values,
      ...(shelfId !== undefined && { shelf: { id: shelfId } }),
    } as QueryDeepPartialEntity<BookEntity>);
  }

  @Post('in-a-transaction') async createInTransaction(@Body() body: Record<string, unknown>): Promise<void> {
    await this.isolation.transaction(() => this.create(body));
  }

  @Post('by-save') async save(@Body() body: Record<string, unknown>): Promise<void> {
    await this.books.save(this.books.create(body));
  }

  @Post('twice') async upsertTwice(@Body() body: Record<string, unknown>): Promise<void> {
    const sql =
      'insert into book (id, title) values ($1, $2), ($1, $2) on conflict (id) do update set title = excluded.title';
    await this.dataSource.query(sql, [body['id'], body['title']]);
  }

  @Post('for-another') async createForAnother(@Body() body: Record<string, unknown>): Promise<void> {
    await this.dataSource.query(`insert into book (title, user_id) values ($1, $2)`, [body['title'], body['owner']]);
  }

  @Post('by-hand') async createByHand(@Body() body: Record<string, unknown>): Promise<void> {
    await this.dataSource.query(
      `insert into book (title, genre) values ('${String(body['title'])}', 'essay of ${String(body['title'])}')`,
    );
  }

  @Post('slow') async slow(): Promise<void> {
    await this.dataSource.query('select pg_sleep(30)');
  }

  @Post('slow-by-name') async slowByName(): Promise<void> {
    await this.isolation.transaction(() => this.dataSource.query('select pg_sleep(1)'), { timeout: 60_000 });
  }

  @Post('boom') boom(@Body() body: Record<string, unknown>): never {
    throw new TypeError(`nobody expected ${String(body['title'])}`);
  }

  @Post('forbidden-table') async forbiddenTable(): Promise<void> {
    await this.dataSource.query('select * from account');
  }

  @Get() async list(@Query('limit') limit: string): Promise<void> {
    await this.dataSource.query('select id from book limit $1', [limit]);
  }

  @Get(':id') async get(@Param('id') id: string): Promise<void> {
    await this.books.findOneByOrFail({ id });
  }

  @Patch(':id') async update(@Param('id') id: string, @Body() body: Record<string, unknown>): Promise<void> {
    await this.books.update({ id }, body);
  }
}

@Controller('shelves')
class ShelvesController {
  constructor(@InjectOwnedRepository(ShelfEntity) private readonly shelves: OwnedRepository<ShelfEntity>) {}

  @Post() async create(@Body() body: Record<string, unknown>): Promise<void> {
    await this.shelves.insert(body);
  }

  @Delete(':id') async remove(@Param('id') id: string): Promise<void> {
    await this.shelves.delete({ id });
  }
}

@Module({
  imports: [IsolationModule.forFeature([BookEntity, ShelfEntity])],
  controllers: [BooksController, ShelvesController],
})
export class LibraryModule {}
