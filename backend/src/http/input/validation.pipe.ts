import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { escapePointer } from '../errors/json-pointer.ts';
import { cleanInput } from './clean-input.ts';
import { checkDto } from './dto.validator.ts';
import { checkPart, convertText } from './parameter.values.ts';
import type { ProblemError } from '../errors/problem.ts';
import { emptyBodyProblem, validationProblem } from '../errors/problem.exception.ts';

const BASES = { body: '', query: '/query', param: '/path', custom: '' } as const;
const PRIMITIVES: ReadonlySet<unknown> = new Set([String, Number, Boolean, Date]);
/** What TypeScript leaves of interfaces, unions and arrays: nothing to check by. */
const SHAPELESS: ReadonlySet<unknown> = new Set([Array, Object]);

/**
 * Bounds and cleans bodies, queries and path parameters, turns them into what they were declared as, and refuses what
 * that doesn't name. Failures are 400 with a JSON pointer for each field. Runs synchronously where no validator is
 * asynchronous, so that validation adds no turn of the event loop.
 *
 * @example app.useGlobalPipes(new ValidationPipe());
 */
@Injectable()
export class ValidationPipe implements PipeTransform<unknown, unknown> {
  /** @throws {ProblemException} 400 */
  transform(given: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    if (type === 'custom') return given;
    const base = pointerTo(type, data);
    const { value, errors } = cleanInput(given, base);
    if (errors.length > 0) throw validationProblem(errors);
    if (!metatype || SHAPELESS.has(metatype)) return value;
    if (PRIMITIVES.has(metatype)) {
      const converted = type === 'body' ? checkPart(value, metatype) : convertText(value, metatype);
      if ('refused' in converted) throw validationProblem([{ pointer: base, message: converted.refused }]);
      return converted.value;
    }
    if (value === undefined && type === 'body' && data === undefined) throw emptyBodyProblem();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw validationProblem([
        { pointer: base, message: type === 'body' ? 'must be a JSON object' : 'must be given' },
      ]);
    }
    const checked = checkDto(metatype, value, base, type);
    return checked.errors instanceof Promise
      ? checked.errors.then((late) => accept(checked.dto, late))
      : accept(checked.dto, checked.errors);
  }
}

/** Where a parameter of a handler is in the request. */
export function pointerTo(type: keyof typeof BASES, data: string | undefined): string {
  return data === undefined ? BASES[type] : `${BASES[type]}/${escapePointer(data)}`;
}

function accept(dto: object, errors: readonly ProblemError[]): object {
  if (errors.length > 0) throw validationProblem(errors);
  return dto;
}
