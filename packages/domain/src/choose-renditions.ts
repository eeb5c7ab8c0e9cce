import type { Asset } from './asset.ts';
import type { DownloadRequest } from './download-request.ts';
import type { Reason } from './outcome.ts';
import type { Rendition } from './rendition.ts';
import type { AccessTo } from './rendition-access.ts';
import { renditionRefusal } from './rendition-refusal.ts';

/**
 * Why files are left out, the most specific first: what is wrong with one file says more than what a rule, an
 * entitlement or a switch keeps back.
 */
const bySpecificity: readonly Reason[] = [
  'blob.missing',
  'blob.corrupt',
  'rendition.failed',
  'visibility.rule_denied',
  'rendition.not_entitled',
  'visibility.originals_off',
  'visibility.renditions_off',
  'rendition.none_available',
];

export type WantedRenditions = Pick<DownloadRequest, 'renditions' | 'renditionIds' | 'renditionNames'>;

export interface ChosenRenditions {
  /** Originals first, then by name; empty when the asset yields nothing. */
  renditions: Rendition[];
  /** Why something asked for is left out, the most specific reason; null when everything asked for is there. */
  reason: Reason | null;
}

/** The files of one asset that a request stands for, as far as the actor may have them. */
export type ChooseRenditions = (asset: Pick<Asset, 'renditions'>) => ChosenRenditions;

/**
 * Rules 2 to 5: what a request asks for of each asset.
 *
 * - `renditionIds`: exactly these files, of any kind. One that the asset does not have is `rendition.none_available`.
 * - `renditionNames`: `original`, and static renditions by name. A name that the asset does not have is a shortfall too.
 * - `renditions`: originals, static renditions, or both. `originals-and-static` asks for the static ones that there are:
 *   none is no shortfall.
 *
 * Dynamic and smart-crop renditions are had by their id only.
 */
export function chooseRenditions(
  { renditions: choice, renditionIds, renditionNames }: WantedRenditions,
  accessTo: AccessTo,
): ChooseRenditions {
  if (renditionIds !== null)
    return ({ renditions }) => chooseKeys(renditions, new Set(renditionIds), ({ id }) => id, accessTo);
  if (renditionNames !== null) {
    return ({ renditions }) => chooseKeys(renditions, new Set(renditionNames), multiSelectName, accessTo);
  }
  const original = choice !== 'static';
  const statics = choice !== 'originals';
  const isAsked = ({ kind }: Rendition) => (kind === 'original' ? original : kind === 'static' && statics);
  return ({ renditions }) => chooseAmong(renditions, isAsked, accessTo);
}

/** The name by which a rendition can be chosen for several assets; null for what cannot be. */
function multiSelectName({ kind, name }: Rendition): string | null {
  if (kind === 'original') return 'original';
  return kind === 'static' ? name : null;
}

function chooseKeys(
  renditions: readonly Rendition[],
  keys: ReadonlySet<string>,
  keyOf: (rendition: Rendition) => string | null,
  accessTo: AccessTo,
): ChosenRenditions {
  const found = new Set<string>();
  const isAsked = (rendition: Rendition) => {
    const key = keyOf(rendition);
    if (key === null || !keys.has(key)) return false;
    found.add(key);
    return true;
  };
  const chosen = chooseAmong(renditions, isAsked, accessTo);
  return found.size < keys.size && chosen.reason === null ? { ...chosen, reason: 'rendition.none_available' } : chosen;
}

function chooseAmong(
  renditions: readonly Rendition[],
  isAsked: (rendition: Rendition) => boolean,
  accessTo: AccessTo,
): ChosenRenditions {
  const chosen: Rendition[] = [];
  let rank = bySpecificity.length;
  let inOrder = true;
  for (const rendition of renditions) {
    if (!isAsked(rendition)) continue;
    const refusal = renditionRefusal(rendition) ?? accessTo(rendition).reason;
    if (refusal !== null) {
      rank = Math.min(rank, bySpecificity.indexOf(refusal));
      continue;
    }
    const last = chosen.at(-1);
    inOrder &&= last === undefined || inArchiveOrder(last, rendition) < 0;
    chosen.push(rendition);
  }
  if (!inOrder) chosen.sort(inArchiveOrder);
  return {
    renditions: chosen,
    reason: bySpecificity[rank] ?? (chosen.length === 0 ? 'rendition.none_available' : null),
  };
}

/** A total order that does not depend on the order in which a repository returned the rows. */
function inArchiveOrder(a: Rendition, b: Rendition): number {
  if (a.kind !== b.kind && (a.kind === 'original' || b.kind === 'original')) return a.kind === 'original' ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
