/** Why signing in with the identity provider came to nothing, as the sign-in page is told. */
export type SignInError =
  | 'denied'
  | 'restart'
  | 'email_not_verified'
  | 'email_missing'
  | 'user_disabled'
  | 'provider_unavailable'
  | 'failed';

const known: Record<string, SignInError> = {
  access_denied: 'denied',
  login_required: 'denied',
  consent_required: 'denied',
  state_mismatch: 'restart',
  state_not_found: 'restart',
  state_invalid: 'restart',
  please_restart_the_process: 'restart',
  email_not_verified: 'email_not_verified',
  // An unverified address that belongs to somebody here.
  account_not_linked: 'email_not_verified',
  email_not_found: 'email_missing',
  user_disabled: 'user_disabled',
  temporarily_unavailable: 'provider_unavailable',
};

/** The error for a code of better-auth's, or of the provider's own. */
export function signInError(code: string): SignInError {
  return Object.hasOwn(known, code) ? known[code]! : 'failed';
}
