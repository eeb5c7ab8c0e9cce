import type { Asset } from './asset.ts';
import type { RenditionChoice } from './download-request.ts';
import type { Reason } from './outcome.ts';
import type { Rendition } from './rendition.ts';
import { renditionRefusal } from './rendition-refusal.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

/** Why files are left out, the most specific first: what is wrong with one file says more than a switch for everyone. */
const bySpecificity: readonly Reason[] = [
  'blob.missing',
  'blob.corrupt',
  'rendition.failed',
  'visibility.originals_off',
  'visibility.renditions_off',
  'rendition.none_available',
];

export interface ChosenRenditions {
  /** Originals first, then by name; empty when the asset yields nothing. */
  renditions: Rendition[];
  /** Why something asked for is left out, the most specific reason; null when everything asked for is there. */
  reason: Reason | null;
}

/**
 * Rules 3 and 4: the files of one asset that a choice for several assets stands for. Dynamic and smart-crop renditions
 * are never among them. `originals-and-static` asks for the static renditions that there are: none is no shortfall.
 */
export function chooseRenditions(
  asset: Pick<Asset, 'renditions'>,
  choice: RenditionChoice,
  visibility: Pick<VisibilityConfiguration, 'originalsDownloadable' | 'renditionsAvailable'>,
): ChosenRenditions {
  const renditions: Rendition[] = [];
  let rank = bySpecificity.length;
  for (const rendition of asset.renditions) {
    if (!isAskedFor(rendition, choice)) continue;
    const refusal = renditionRefusal(rendition) ?? switchedOff(rendition, visibility);
    if (refusal === null) renditions.push(rendition);
    else rank = Math.min(rank, bySpecificity.indexOf(refusal));
  }
  const reason = bySpecificity[rank] ?? (renditions.length === 0 ? 'rendition.none_available' : null);
  return { renditions: renditions.sort(inArchiveOrder), reason };
}

function isAskedFor({ kind }: Rendition, choice: RenditionChoice): boolean {
  return (kind === 'original' && choice !== 'static') || (kind === 'static' && choice !== 'originals');
}

function switchedOff(
  { kind }: Rendition,
  visibility: Pick<VisibilityConfiguration, 'originalsDownloadable' | 'renditionsAvailable'>,
): Reason | null {
  if (kind === 'original') return visibility.originalsDownloadable ? null : 'visibility.originals_off';
  return visibility.renditionsAvailable ? null : 'visibility.renditions_off';
}

/** A total order that does not depend on the order in which a repository returned the rows. */
function inArchiveOrder(a: Rendition, b: Rendition): number {
  if (a.kind !== b.kind) return a.kind === 'original' ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
