import { AppError } from '@sheaf/domain/app-error';
import { constraintViolation } from '../constraint-violation.ts';

/** Handles the failure of a statement that names a preset: `resource.conflict` where another one has the name. */
export function takenName(name: string | undefined): (error: unknown) => never {
  return (error) => {
    if (constraintViolation(error)?.constraint !== 'presets_name_key') throw error;
    throw new AppError('resource.conflict', `There is another one with the name ${name}.`, {
      detail: { errors: [{ path: '/name', message: 'is taken' }] },
      cause: error,
    });
  };
}
