import { AppError } from '@sheaf/domain/app-error';

/** An asset was to be put under a licence that is not there. */
export function unknownLicence(licenceId: string | null | undefined, cause?: unknown): AppError {
  return new AppError('input.invalid', 'There is no such licence.', {
    detail: { errors: [{ path: '/licenceId', message: 'There is no such licence.' }], licenceId },
    cause,
  });
}
