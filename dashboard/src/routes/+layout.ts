import { speakFirst } from '#lib/i18n/texts.svelte.ts';

/** Everything is behind a sign-in and live: there is nothing to render on a server. */
export const ssr = false;

export const load = async (): Promise<void> => speakFirst();
