import { Injectable, type PipeTransform } from '@nestjs/common';
import { notFoundProblem } from '../errors/problem.exception.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Lets UUIDs through and answers everything else as an id that does not exist: 404. */
@Injectable()
export class UuidPipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (typeof value !== 'string' || !UUID.test(value)) throw notFoundProblem();
    return value.toLowerCase();
  }
}
