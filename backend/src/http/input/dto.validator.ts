import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { Validator, type ValidationError, type ValidatorOptions } from 'class-validator';
import { ValidationExecutor } from 'class-validator/cjs/validation/ValidationExecutor.js';
import { escapePointer } from '../errors/json-pointer.ts';
import { convertProperties } from './parameter.values.ts';
import { MAX_ERRORS, type ProblemError } from '../errors/problem.ts';
import { validationProblem } from '../errors/problem.exception.ts';

/** Where a value came from; only what stands in the URL is converted from text. */
export type InputSource = 'body' | 'query' | 'param' | 'custom';

const OPTIONS: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
};
const validator = new Validator();

/** A DTO, and what is wrong with it: a promise where one of its validators is asynchronous. */
export interface CheckedDto {
  readonly dto: object;
  readonly errors: readonly ProblemError[] | Promise<readonly ProblemError[]>;
}

/**
 * Makes an object of a DTO's class and asks its validators, class-validator's asynchronous ones too.
 *
 * @param base JSON pointer of the value in the request
 * @example
 * const { dto, errors } = checkDto(CreateTaskDto, { title: '' }, '', 'body');
 */
export function checkDto(type: Type<unknown>, value: object, base: string, source: InputSource): CheckedDto {
  const dto: unknown = plainToInstance(type, value);
  if (typeof dto !== 'object' || dto === null)
    throw validationProblem([{ pointer: base, message: 'must be an object' }]);
  if (source === 'query' || source === 'param') convertProperties(dto, value);
  return { dto, errors: findErrors(dto, base) };
}

/**
 * `validateSync` skips asynchronous validators and `validate` is a promise even where none is. The executor below both
 * says which it was: nothing to wait for adds no turn of the event loop.
 */
function findErrors(dto: object, base: string): readonly ProblemError[] | Promise<readonly ProblemError[]> {
  const executor = new ValidationExecutor(validator, OPTIONS);
  const found: ValidationError[] = [];
  executor.execute(dto, '', found);
  const toErrors = (): ProblemError[] => describe(executor.stripEmptyErrors(found), base, []);
  return executor.awaitingPromises.length === 0 ? toErrors() : Promise.all(executor.awaitingPromises).then(toErrors);
}

function describe(errors: readonly ValidationError[], base: string, described: ProblemError[]): ProblemError[] {
  for (const { property, constraints, children } of errors) {
    if (described.length > MAX_ERRORS) return described;
    // An object of a class without validators has no property to name.
    const name: string | undefined = property;
    const pointer = name === undefined ? base : `${base}/${escapePointer(name)}`;
    for (const [rule, message] of Object.entries(constraints ?? {})) {
      described.push({
        pointer,
        message: rule === 'whitelistValidation' ? 'is not an allowed property' : withoutName(message, name),
      });
    }
    describe(children ?? [], pointer, described);
  }
  return described;
}

/** class-validator begins its messages with the property's name, which the pointer already says. */
function withoutName(message: string, name = ''): string {
  return message.startsWith(`${name} `) ? message.slice(name.length + 1) : message;
}
