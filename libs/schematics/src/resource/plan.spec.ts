import { planResource } from './plan.ts';
import { FILES, type Project } from './project.ts';

const FILES_OF_A_PROJECT: Record<string, string> = {
  [FILES.module]: `import { Module } from '@nestjs/common';
import { TasksModule } from './tasks/tasks.module.ts';

@Module({ imports: [TasksModule] })
export class AppModule {}
`,
  [FILES.migrations]: `import { Tasks1767225602000 } from './1767225602000-tasks.ts';

export const migrations = [Tasks1767225602000];
`,
  [FILES.document]: `  const config = new DocumentBuilder()
    .addTag('Tasks', "The signed-in user's tasks.")
    .build();
`,
  [FILES.access]: 'GET    /api/health/live  anyone\nGET    /api/tasks  signed in: own rows only\n',
  [FILES.openapi]: '{"paths":{"/api/tasks":{},"/api/files/{id}":{}},"components":{"schemas":{"Problem":{},"Task":{}}}}',
  'backend/src/tasks/task.entity.ts': `@Entity('task')\nexport class TaskEntity {}`,
  'backend/src/notes/memo.entity.ts': `@Entity('remark')\nexport class MemoEntity {}`,
};

const project = (files = FILES_OF_A_PROJECT): Project => ({
  read: (path) => files[path],
  list: (folder) => Object.keys(files).filter((path) => path.startsWith(`${folder}/`)),
});
const plan = (name: string, fields = 'body:text') => planResource({ name, fields, now: 1_800_000_000_000 }, project());
const file = (name: string, end: string, fields?: string): string =>
  plan(name, fields).find(({ path }) => path.endsWith(end))?.content ?? '';

describe('names', () => {
  it.each(['purchase order', 'PurchaseOrder', 'purchase_orders', 'purchase-orders', '  Purchase   Orders '])(
    '%j is one resource',
    (name) => {
      expect(plan(name).map(({ path }) => path)).toEqual([
        'backend/src/purchase-orders/purchase-order.entity.ts',
        'backend/src/purchase-orders/purchase-order.dto.ts',
        'backend/src/purchase-orders/create-purchase-order.dto.ts',
        'backend/src/purchase-orders/update-purchase-order.dto.ts',
        'backend/src/purchase-orders/list-purchase-orders.dto.ts',
        'backend/src/purchase-orders/purchase-orders.service.ts',
        'backend/src/purchase-orders/purchase-orders.controller.ts',
        'backend/src/purchase-orders/purchase-orders.module.ts',
        'backend/src/database/migrations/1800000000000-purchase-orders.ts',
        'backend/test/purchase-orders.test.ts',
        FILES.module,
        FILES.migrations,
        FILES.document,
        FILES.access,
      ]);
    },
  );

  it.each([
    ['category', 'categories', 'CategoryEntity'],
    ['person', 'people', 'PersonEntity'],
    ['address', 'addresses', 'AddressEntity'],
    ['status', 'statuses', 'StatusEntity'],
    ['sheep', 'sheep', 'SheepEntity'],
    ['order', 'orders', 'OrderEntity'],
  ])('%s is many %s', (name, plural, entity) => {
    expect(file(name, '.controller.ts')).toContain(`@Controller('${plural}')`);
    expect(file(name, '.entity.ts')).toContain(`class ${entity} extends OwnedEntity`);
  });

  it.each([
    ['', /needs a name/],
    ['42 things', /can't name a class/],
    ['größe', /can't name a class/],
    ['a; drop table', /can't name a class/],
    ['../up', /can't name a class/],
    ['x'.repeat(41), /too long/],
    ['class', /a word of the language/],
    ['delete', /a word of the language/],
    ['user', /a table of Better Auth/],
    ['sessions', /a table of Better Auth/],
    ['two factor', /a table of Better Auth/],
    ['health', /a route of the API/],
    ['cursor', /means something else/],
    ['task', /is there already \(backend\/src\/tasks\)/],
    ['note', /is there already/],
    ['remark', /The table "remark" is there already: backend\/src\/notes\/memo\.entity\.ts/],
    ['memo', /The class MemoEntity is there already/],
    ['file', /The route \/api\/files\/\{id\} is there already/],
    ['problem', /has a schema "Problem" already/],
  ])('%j → refused', (name, message) => {
    expect(() => plan(name)).toThrow(message);
  });
});

describe('fields', () => {
  it('every type, nullable or not, with spaces in an enum', () => {
    const fields =
      'body:text title:text(80) amount:int? weight:number paid:boolean day:date? due:timestamptz? ref:uuid ' +
      'kind:enum(a, b)? unit_price:int';
    const entity = file('purchase order', 'purchase-order.entity.ts', fields);
    expect(entity).toContain(`export const PURCHASE_ORDER_KINDS = ['a', 'b'] as const;`);
    expect(entity).toContain(`  @Column({ type: 'integer', nullable: true })\n  amount!: number | null;`);
    expect(entity).toContain(`  @Column({ name: 'unit_price', type: 'integer' })\n  unitPrice!: number;`);
    const migration = file('purchase order', '-purchase-orders.ts', fields);
    expect(migration).toContain(`"title" text not null check (char_length("title") between 1 and 80)`);
    expect(migration).toContain(`"kind" text check ("kind" in ('a', 'b'))`);
    expect(migration).toContain(`"due" timestamptz(3),`);
  });

  it.each([
    ['', /at least one field/],
    ['body', /"body" is no field/],
    ['body:', /is no field/],
    ['body:text, amount:int', /is no field/],
    ['body:text?!', /is no field/],
    ['1st:int', /is no field/],
    ['kind:enum(a,b) kinds:enum(c,d)', /"kind" and "kinds" would both be PURCHASE_ORDER_KINDS/],
    ['entity:enum(a,b)', /PurchaseOrderEntity is a class/],
    ['body:money', /there is no type "money"/],
    ['body:text body:int', /given twice/],
    ['unitPrice:int unit_price:int', /given twice/],
    ['id:int', /is there already/],
    ['user_id:text', /is there already/],
    ['createdAt:date', /is there already/],
    ['constructor:text', /is there already/],
    ['default:timestamptz', /a word of the language/],
    ['kind:enum', /an enum lists its values/],
    ['kind:enum()', /an enum lists its values/],
    [`kind:enum(a,b'c)`, /an enum lists its values/],
    ['kind:enum(a,a)', /listed twice/],
    ['amount:int(5)', /only text takes a length/],
    ['body:text(0)', /only text takes a length/],
  ])('%j → refused', (fields, message) => {
    expect(() => plan('purchase order', fields)).toThrow(message);
  });
});

describe('files that are added to', () => {
  const change = (path: string): string => plan('purchase order').find((entry) => entry.path === path)?.content ?? '';

  it('the module, the migration and the tag are registered', () => {
    expect(change(FILES.module)).toContain(
      `import { PurchaseOrdersModule } from './purchase-orders/purchase-orders.module.ts';`,
    );
    expect(change(FILES.module)).toContain('@Module({ imports: [TasksModule, PurchaseOrdersModule] })');
    expect(change(FILES.migrations)).toContain(
      'export const migrations = [Tasks1767225602000, PurchaseOrders1800000000000];',
    );
    expect(change(FILES.document)).toContain(
      `    .addTag('Purchase orders', "The signed-in user's purchase orders.")\n`,
    );
  });

  it('a list on lines of its own stays so', () => {
    const decorator = '@Module({\n  imports: [\n    A,\n  ],\n})';
    const text = `import { A } from './a.ts';\n\n${decorator}\nexport class AppModule {}\n`;
    const changes = planResource(
      { name: 'note book', fields: 'a:int' },
      project({ ...FILES_OF_A_PROJECT, [FILES.module]: text }),
    );
    expect(changes.find(({ path }) => path === FILES.module)?.content).toContain(
      '  imports: [\n    A,\n    NoteBooksModule,\n  ],',
    );
  });

  it('who may reach the routes goes where the isolation kit reports it', () => {
    expect(
      change(FILES.access)
        .split('\n')
        .map((line) => line.split(/\s+/).slice(0, 2).join(' ')),
    ).toEqual([
      'GET /api/health/live',
      'GET /api/purchase-orders',
      'POST /api/purchase-orders',
      'GET /api/purchase-orders/{id}',
      'PATCH /api/purchase-orders/{id}',
      'DELETE /api/purchase-orders/{id}',
      'GET /api/tasks',
      '',
    ]);
  });

  it('the migration comes after the newest one, whatever the clock says', () => {
    const changes = planResource({ name: 'gift', fields: 'a:int', now: 5 }, project());
    expect(changes.some(({ path }) => path.endsWith('/1767225603000-gifts.ts'))).toBe(true);
  });

  it.each([FILES.module, FILES.migrations, FILES.document, FILES.access])(
    '%s that is missing or different → refused',
    (path) => {
      expect(() =>
        planResource(
          { name: 'gift', fields: 'a:int' },
          project({ ...FILES_OF_A_PROJECT, [path]: undefined as unknown as string }),
        ),
      ).toThrow(path);
      if (path !== FILES.access) {
        expect(() =>
          planResource(
            { name: 'gift', fields: 'a:int' },
            project({ ...FILES_OF_A_PROJECT, [path]: 'export const x = 1;' }),
          ),
        ).toThrow(path);
      }
    },
  );
});
