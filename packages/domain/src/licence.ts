/** A PDF of terms. `sha256` names the exact bytes of the current terms; null when no document was ever stored. */
export interface Licence {
  id: string;
  title: string;
  approved: boolean;
  sha256: string | null;
  /** Counts the documents, from 1; 0 before the first. An acceptance is of one version. */
  version: number;
  expiresAt: Date | null;
}

/** A user's recorded "I have read and accepted the terms & conditions", tied to the bytes accepted. */
export interface Acceptance {
  licenceId: string;
  sha256: string;
}

/** An acceptance as it was recorded. */
export interface RecordedAcceptance extends Acceptance {
  version: number;
  /** The download that it was given for; null for a file that was sent as it is. */
  downloadId: string | null;
  /** The asset whose file was sent as it is; null for a download. */
  assetId: string | null;
  acceptedAt: Date;
}
