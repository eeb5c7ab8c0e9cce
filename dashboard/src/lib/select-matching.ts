import { assetsApi } from './api/assets.ts';
import type { AssetSelection } from './asset-selection.svelte.ts';
import { t } from './i18n/texts.svelte.ts';
import { toast } from './toasts.svelte.ts';

/** Chooses all that a filter finds, as many as the API gives at once; says where that was not all of it, or failed. */
export async function selectMatching(
  selection: AssetSelection,
  filter: Parameters<typeof assetsApi.selection>[0],
): Promise<void> {
  try {
    const found = await assetsApi.selection(filter);
    selection.replace(found.assetIds, found.size);
    if (found.total > found.assetIds.length) toast.success(t.assets.choseFirst(found.assetIds.length, found.total));
  } catch {
    toast.error(t.problems.title);
  }
}
