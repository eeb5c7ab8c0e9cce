import { AppError } from '@sheaf/domain/app-error';
import { constraintViolation } from '../constraint-violation.ts';

/** Runs a statement that writes a group; throws `resource.conflict` where its name or claim is another group's. */
export async function refusingTaken<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (cause) {
    const violation = constraintViolation(cause);
    if (violation?.constraint === 'groups_name_key') throw taken('name', cause);
    if (violation?.constraint === 'groups_claim_key') throw taken('claim', cause);
    throw cause;
  }
}

function taken(field: string, cause: unknown): AppError {
  return new AppError('resource.conflict', `There is a group with this ${field} already.`, {
    detail: { errors: [{ path: `/${field}`, message: 'is taken by another group' }] },
    cause,
  });
}
