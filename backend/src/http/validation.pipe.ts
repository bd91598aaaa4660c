import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { escapePointer, findUncleanInput } from './clean-input.ts';
import type { ProblemError } from './problem.ts';
import { validationProblem } from './problem.exception.ts';

const BASES = { body: '', query: '/query', param: '/path', custom: '' } as const;
const PRIMITIVES: ReadonlySet<unknown> = new Set([String, Number, Boolean, Array, Object]);

/**
 * Turns bodies, queries and path parameters into their DTO classes and refuses what these do not name. Failures are
 * 400 with a JSON pointer for each field. Synchronous: it costs one turn of no event loop.
 */
@Injectable()
export class ValidationPipe implements PipeTransform<unknown, unknown> {
  transform(value: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    if (type === 'custom') return value;
    const base = data === undefined ? BASES[type] : `${BASES[type]}/${escapePointer(data)}`;
    const unclean = findUncleanInput(value, base);
    if (unclean.length > 0) throw validationProblem(unclean);
    if (!metatype || PRIMITIVES.has(metatype)) return value;
    return toDto(metatype, value, base, type);
  }
}

function toDto(dto: Type<unknown>, value: unknown, base: string, type: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw validationProblem([{ pointer: base, message: type === 'body' ? 'must be a JSON object' : 'must be given' }]);
  }
  const instance: unknown = plainToInstance(dto, value);
  if (typeof instance !== 'object' || instance === null) throw validationProblem([{ pointer: base, message: 'must be an object' }]);
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0) throw validationProblem(errors.flatMap((error) => flatten(error, base)));
  return instance;
}

function flatten(error: ValidationError, base: string): ProblemError[] {
  const pointer = `${base}/${escapePointer(error.property)}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    pointer,
    message: rule === 'whitelistValidation' ? 'is not an allowed property' : withoutName(message, error.property),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, pointer))];
}

/** class-validator begins its messages with the property's name, which the pointer already says. */
function withoutName(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
