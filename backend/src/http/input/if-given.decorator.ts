import { ValidateIf } from 'class-validator';

/** Skips the other rules of a property that is absent. Unlike `@IsOptional()` it does not let null through. */
export function IfGiven(): PropertyDecorator {
  return ValidateIf((_object: object, value: unknown) => value !== undefined);
}

/** Skips the other rules of a property that is absent or null. */
export function IfNotNull(): PropertyDecorator {
  return ValidateIf((_object: object, value: unknown) => value !== undefined && value !== null);
}
