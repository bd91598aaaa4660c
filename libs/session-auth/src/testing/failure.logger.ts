import { ConsoleLogger } from '@nestjs/common';

const FACTS = ['query', 'code', 'schema', 'table', 'column', 'constraint'] as const;

/** Nest's logger. It also says which statement failed, as TypeORM and pg know it. Values are left out. */
export class FailureLogger extends ConsoleLogger {
  override error(message: unknown, ...rest: unknown[]): void {
    if (!(message instanceof Error)) {
      super.error(message, ...rest);
      return;
    }
    // The stack rather than the error: printed whole, an error of TypeORM's shows its parameters.
    super.error(message.stack ?? message.message, ...rest);
    const facts = FACTS.map((name) => [name, Reflect.get(message, name) as unknown] as const);
    const known = facts.filter(([, value]) => typeof value === 'string');
    if (known.length > 0) super.error(`Its cause: ${JSON.stringify(Object.fromEntries(known))}`);
  }
}
