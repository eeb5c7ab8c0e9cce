import type { Actor } from './actor.ts';
import type { GroupRule } from './group-rule.ts';
import { namePattern } from './name-pattern.ts';
import type { Reason } from './outcome.ts';
import { type Rendition, type RenditionKind, renditionKinds } from './rendition.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

export type AccessSwitch = 'originalsDownloadable' | 'renditionsAvailable';

/** What decided: a rule for one of the actor's groups, a switch for everyone, or an entitlement that the actor lacks. */
export type AccessCause =
  | { by: 'rule'; rule: GroupRule }
  | { by: 'switch'; name: AccessSwitch; on: boolean }
  | { by: 'entitlement' };

export interface RenditionAccess {
  /** Why the actor may not have such a rendition, whatever the asset; null where they may. */
  reason: Reason | null;
  because: AccessCause;
}

/** The access to renditions of a kind and name. Equal answers are the same object. */
export type AccessTo = (rendition: Pick<Rendition, 'kind' | 'name'>) => RenditionAccess;

export type AccessSettings = Pick<VisibilityConfiguration, AccessSwitch | 'groupRules'>;

interface CompiledRule {
  rule: GroupRule;
  matches: (name: string) => boolean;
}

/**
 * Rules 4 and 5 with the rules for groups: which renditions the actor may be shown and may have. A rule that denies wins
 * over everything; else one that allows lifts a switch that is off; else the switch decides. Dynamic and smart-crop
 * renditions need the entitlement besides. The same for administrators.
 *
 * Compiled once for an actor: asked for thousands of assets, each kind and name is decided once.
 */
export function renditionAccess(
  actor: Pick<Actor, 'groups' | 'dynamicRenditions'>,
  visibility: AccessSettings,
): AccessTo {
  const groups = new Set(actor.groups);
  const own = visibility.groupRules
    .filter(({ groupId }) => groups.has(groupId))
    .map((rule): CompiledRule => ({ rule, matches: rule.name === null ? () => true : namePattern(rule.name) }));
  const kinds = Object.fromEntries(
    renditionKinds.map((kind) => {
      const about = own.filter(({ rule }) => rule.kinds.length === 0 || rule.kinds.includes(kind));
      return [
        kind,
        { decide: accessToKind(kind, about, actor, visibility), known: new Map<string, RenditionAccess>() },
      ];
    }),
  ) as Record<RenditionKind, { decide: (name: string) => RenditionAccess; known: Map<string, RenditionAccess> }>;
  return ({ kind, name }) => {
    const { decide, known } = kinds[kind];
    let access = known.get(name);
    if (access === undefined) {
      access = decide(name);
      known.set(name, access);
    }
    return access;
  };
}

function accessToKind(
  kind: RenditionKind,
  rules: readonly CompiledRule[],
  { dynamicRenditions }: Pick<Actor, 'dynamicRenditions'>,
  visibility: AccessSettings,
): (name: string) => RenditionAccess {
  const denying = rules.filter(({ rule }) => rule.effect === 'deny');
  const allowing = rules.filter(({ rule }) => rule.effect === 'allow');
  const name = kind === 'original' ? 'originalsDownloadable' : 'renditionsAvailable';
  const bySwitch: AccessCause = { by: 'switch', name, on: visibility[name] };
  const switchedOff: RenditionAccess = {
    reason: kind === 'original' ? 'visibility.originals_off' : 'visibility.renditions_off',
    because: bySwitch,
  };
  const entitled = kind === 'original' || kind === 'static' || dynamicRenditions;
  const granted = (because: AccessCause): RenditionAccess =>
    entitled ? { reason: null, because } : { reason: 'rendition.not_entitled', because: { by: 'entitlement' } };

  return (name) => {
    const denial = denying.find(({ matches }) => matches(name));
    if (denial) return { reason: 'visibility.rule_denied', because: { by: 'rule', rule: denial.rule } };
    if (bySwitch.on) return granted(bySwitch);
    const lifting = allowing.find(({ matches }) => matches(name));
    return lifting ? granted({ by: 'rule', rule: lifting.rule }) : switchedOff;
  };
}
