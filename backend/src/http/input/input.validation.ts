import type { INestApplicationContext } from '@nestjs/common';
import { handlersOf, ParameterKind } from './handler.parameters.ts';
import { ValidationPipe } from './validation.pipe.ts';

const PIPE = new ValidationPipe();
const INPUT: ReadonlySet<number> = new Set(Object.values(ParameterKind));

/**
 * Validates every body, query and path parameter of the application's handlers, before the parameter's own pipes: what
 * `app.useGlobalPipes(new ValidationPipe())` does, and for nothing else. Nest runs global pipes on the values of custom
 * decorators too, which no client sends; `@CurrentUser()` and `@CurrentSession()` then cost a tenth of a request.
 *
 * Call it before routes are made, that is before `app.init()` or `app.listen()`. Pipes of a class or a method
 * (`@UsePipes()`) run before it.
 *
 * @example validateInput(app);
 */
export function validateInput(app: INestApplicationContext): void {
  for (const { parameters } of handlersOf(app)) {
    for (const { kind, metadata } of parameters) {
      // Metadata belongs to the class: another application of this process may have been here.
      if (INPUT.has(kind) && !metadata.pipes.includes(PIPE)) metadata.pipes = [PIPE, ...metadata.pipes];
    }
  }
}
