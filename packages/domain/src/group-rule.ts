import type { RenditionKind } from './rendition.ts';

/**
 * What members of a group may have beyond, or short of, the switches for everyone. A rule is about the renditions that
 * both of its selectors match. Deny wins over allow and over the switches; allow lifts a switch that is off. Neither
 * approves an asset or a preset, accepts a licence or gives an entitlement.
 */
export interface GroupRule {
  groupId: string;
  effect: 'allow' | 'deny';
  /** Kinds of rendition that it is about; empty: every kind. */
  kinds: RenditionKind[];
  /** Rendition names that it is about, where `*` stands for any characters and `?` for one; null: every name. */
  name: string | null;
}
