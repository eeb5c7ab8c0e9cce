import { speakAdmin } from '#lib/i18n/texts.svelte.ts';

export const load = async (): Promise<void> => speakAdmin();
