import { invalidInput } from '../schema-validator.ts';

/** Nobody could accept a licence without terms, so approving one is a mistake. Throws `input.invalid`. */
export function refuseApprovalWithoutTerms(licence: { approved: boolean; documentSha256: string | null }): void {
  if (licence.approved && licence.documentSha256 === null) {
    throw invalidInput([{ path: '/approved', message: 'needs the PDF of the terms' }]);
  }
}
