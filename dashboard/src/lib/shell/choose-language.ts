import { meApi } from '#lib/api/me.ts';
import { type Language, speak, t } from '#lib/i18n/texts.svelte.ts';
import { problemText } from '#lib/problem-text.ts';
import { session } from '#lib/session.svelte.ts';
import { toast } from '#lib/toasts.svelte.ts';

/** Changes the language here at once, and for the person everywhere; emails follow it too. */
export async function chooseLanguage(language: Language): Promise<void> {
  await speak(language);
  try {
    const preferences = await meApi.changePreferences({ language });
    if (session.me) session.me = { ...session.me, preferences };
  } catch (error) {
    toast.error(problemText(error, t));
  }
}
