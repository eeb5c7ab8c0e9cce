/** A PDF of terms. `sha256` names the exact bytes of the current terms; null when no document was ever stored. */
export interface Licence {
  id: string;
  title: string;
  approved: boolean;
  sha256: string | null;
  expiresAt: Date | null;
}

/** A user's recorded "I have read and accepted the terms & conditions", tied to the bytes accepted. */
export interface Acceptance {
  licenceId: string;
  sha256: string;
}
