import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { checkDto } from './dto.validator.ts';
import { MAX_ERRORS, type ProblemError } from '../errors/problem.ts';
import { validationProblem } from '../errors/problem.exception.ts';
import { pointerTo } from './validation.pipe.ts';

/**
 * An array of DTOs, each validated as a body of its own would be. TypeScript keeps no element type at run time, so
 * the class is named here.
 *
 * @example @Post('import') import(@Body(new DtoArrayPipe(CreateTaskDto)) tasks: CreateTaskDto[]) {}
 */
@Injectable()
export class DtoArrayPipe implements PipeTransform<unknown, object[] | Promise<object[]>> {
  constructor(private readonly items: Type<object>) {}

  /** @throws {ProblemException} 400 naming each refused field, such as `/3/title` */
  transform(value: unknown, { type, data }: ArgumentMetadata): object[] | Promise<object[]> {
    const base = pointerTo(type, data);
    if (!Array.isArray(value)) throw validationProblem([{ pointer: base, message: 'must be an array' }]);
    const dtos: object[] = [];
    const errors: ProblemError[] = [];
    const pending: Promise<readonly ProblemError[]>[] = [];
    for (const [index, item] of value.entries()) {
      if (errors.length > MAX_ERRORS) break;
      const pointer = `${base}/${index}`;
      if (typeof item !== 'object' || item === null || Array.isArray(item)) {
        errors.push({ pointer, message: 'must be a JSON object' });
        continue;
      }
      const checked = checkDto(this.items, item as object, pointer, type);
      dtos.push(checked.dto);
      if (checked.errors instanceof Promise) pending.push(checked.errors);
      else errors.push(...checked.errors);
    }
    return pending.length === 0
      ? accept(dtos, errors)
      : Promise.all(pending).then((late) => accept(dtos, [...errors, ...late.flat()]));
  }
}

function accept(dtos: object[], errors: readonly ProblemError[]): object[] {
  if (errors.length > 0) throw validationProblem(errors);
  return dtos;
}
