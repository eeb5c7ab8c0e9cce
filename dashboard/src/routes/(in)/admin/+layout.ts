import { speakAdmin } from '#lib/i18n/texts.svelte.ts';
import type { LayoutLoad } from './$types';

/** After the layouts above, whose loading decides on the language. */
export const load: LayoutLoad = async ({ parent }) => {
  await parent();
  await speakAdmin();
};
