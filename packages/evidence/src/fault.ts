/** What can be wrong with an archive. */
export type FaultCode =
  | 'archive.unreadable'
  | 'file.duplicate'
  | 'file.missing'
  | 'file.unexpected'
  | 'file.changed'
  | 'manifest.missing'
  | 'manifest.changed'
  | 'manifest.unreadable'
  | 'receipt.missing'
  | 'receipt.changed'
  | 'receipt.unreadable'
  | 'receipt.contradictory'
  | 'signature.missing'
  | 'signature.unreadable'
  | 'signature.wrong'
  | 'key.unknown'
  | 'layout.changed'
  | 'layout.unknown';

export interface Fault {
  code: FaultCode;
  /** The file of the archive that it is about; null for the archive itself. */
  path: string | null;
  /** A sentence for people that says what and where. */
  message: string;
}
