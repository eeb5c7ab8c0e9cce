import type { Licence } from '@sheaf/domain/licence';

/** A licence with what the catalogue knows beyond the decision's needs. */
export interface LicenceRecord extends Licence {
  /** Bytes of the PDF in force; null when there is none. */
  documentSize: number | null;
  createdAt: Date;
  updatedAt: Date;
}
