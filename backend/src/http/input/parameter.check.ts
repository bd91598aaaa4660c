import type { INestApplicationContext, PipeTransform } from '@nestjs/common';
import { PIPES_METADATA } from '@nestjs/common/constants.js';
import { handlersOf, type Handler, ParameterKind } from './handler.parameters.ts';

/** The start stops here: names each parameter that could not be validated, and the fix. */
export class ApiStartupError extends Error {
  constructor(problems: readonly string[]) {
    super(`The API's handlers are not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ApiStartupError';
  }
}

/** One value of a repeatable query parameter is a list of one. */
const ONE_AS_ARRAY: PipeTransform<unknown, unknown> = {
  transform: (value) => (typeof value === 'string' ? [value] : value),
};

/**
 * Looks at every handler's parameters before routes are made of them. TypeScript keeps of `ItemDto[]` that it is an
 * array: in a body its items would pass unvalidated, so such a parameter needs a pipe that knows them. In a query
 * (`@Query('tag') tag: string[]`) one value becomes an array of one. Parameters with a
 * pipe of their own are left to it.
 *
 * @throws {ApiStartupError} naming each array in a body whose items nobody knows
 */
export function checkParameters(app: INestApplicationContext): void {
  const problems = handlersOf(app).flatMap(checkHandler);
  if (problems.length > 0) throw new ApiStartupError(problems);
}

function checkHandler({ controller, method, parameters }: Handler): string[] {
  const prototype = controller.prototype as object;
  const handler: unknown = Reflect.get(prototype, method);
  const isPiped = [controller, handler].some(
    (target) => typeof target === 'function' && Reflect.hasMetadata(PIPES_METADATA, target),
  );
  const types: unknown = Reflect.getMetadata('design:paramtypes', prototype, method);
  if (isPiped || !Array.isArray(types)) return [];
  return parameters.flatMap(({ kind, metadata }) => {
    if (types[metadata.index] !== Array || metadata.pipes.length > 0) return [];
    if (kind === ParameterKind.query) metadata.pipes = [ONE_AS_ARRAY];
    return kind === ParameterKind.body ? [advise(`${controller.name}.${method}`, metadata.data)] : [];
  });
}

function advise(handler: string, data: unknown): string {
  const name = typeof data === 'string' ? `'${data}', ` : '';
  return (
    `${handler}: @Body(${name.slice(0, -2)}) is an array, and what it holds is not known at run time, ` +
    'so its items would not be validated. ' +
    `Write @Body(${name}new DtoArrayPipe(ItemDto)), or Nest's new ParseArrayPipe({ items: … }) for plain values.`
  );
}
