import type { GroupRule } from './group-rule.ts';
import type { RenditionAccess } from './rendition-access.ts';

const switchText = {
  originalsDownloadable: 'downloads of originals are switched',
  renditionsAvailable: 'renditions are switched',
} as const;

/** What decided about a rendition, as a sentence for administrators. `groupName` gives the name of a group, if known. */
export function explainAccess(
  { reason, because }: RenditionAccess,
  groupName: (groupId: string) => string | undefined = () => undefined,
): string {
  const verdict = reason === null ? 'Allowed' : 'Refused';
  switch (because.by) {
    case 'rule':
      return `${verdict}: ${ruleText(because.rule, groupName(because.rule.groupId))}.`;
    case 'switch':
      return `${verdict}: ${switchText[because.name]} ${because.on ? 'on' : 'off'} for everyone, and no rule for a group of the user says otherwise.`;
    case 'entitlement':
      return `${verdict}: the user has no entitlement to dynamic and smart-crop renditions.`;
  }
}

function ruleText({ groupId, effect, kinds, name }: GroupRule, groupName: string = groupId): string {
  const what = kinds.length === 0 ? 'all renditions' : `renditions of the kinds ${kinds.join(', ')}`;
  const named = name === null ? '' : ` named "${name}"`;
  return `a rule ${effect === 'deny' ? 'denies' : 'allows'} the group "${groupName}" ${what}${named}`;
}
