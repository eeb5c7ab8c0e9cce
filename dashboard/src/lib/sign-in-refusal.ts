const texts: Record<string, string> = {
  denied: 'You were not signed in there. Try again, or sign in with a password.',
  restart: 'That took too long, or began in another window. Sign in again.',
  email_not_verified: 'The identity provider has not verified your email address. Verify it there, then try again.',
  email_missing: 'The identity provider does not say what your email address is. Ask your administrator.',
  user_disabled: 'Your account is disabled. Ask your administrator.',
  provider_unavailable: 'The identity provider cannot be reached. Try again in a moment, or sign in with a password.',
};

/** Why the identity provider's answer signed nobody in, for people; nothing where there is no error. */
export function explainRefusal(error: string | null): string {
  if (error === null) return '';
  return Object.hasOwn(texts, error) ? texts[error]! : 'Signing in did not work. Try again, or ask your administrator.';
}
