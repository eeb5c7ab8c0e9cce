import { AssetSelection } from './asset-selection.svelte.ts';

/** The assets that are chosen for a download. It outlives the page: whoever looks at one asset comes back to it. */
export const selection = new AssetSelection('selection');
