import type { Texts } from './i18n/dictionary.ts';

/** Why the identity provider's answer signed nobody in, for people; nothing where there is no error. */
export function explainRefusal(error: string | null, { signIn }: Pick<Texts, 'signIn'>): string {
  if (error === null) return '';
  const texts: Record<string, string> = signIn.refusals;
  return Object.hasOwn(texts, error) ? texts[error]! : texts.unknown!;
}
