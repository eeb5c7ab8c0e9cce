import type { GroupRule } from './group-rule.ts';
import type { InputProblem } from './input-problem.ts';
import { renditionKinds } from './rendition.ts';
import type { VisibilityConfiguration } from './visibility-configuration.ts';

/**
 * What contradicts itself or leads nowhere in a configuration, as JSON pointers into it; none where it may come into
 * force. Rules for groups may overlap, since deny wins; two about exactly the same renditions of the same group may not.
 */
export function visibilityProblems(
  { expiredVisible, expiredDownloadable, groupRules, quota }: VisibilityConfiguration,
  knownGroupIds: ReadonlySet<string>,
): InputProblem[] {
  const problems: InputProblem[] = [];
  if (expiredDownloadable && !expiredVisible) {
    problems.push({ path: '/expiredDownloadable', message: 'must be off while expired assets are not visible' });
  }
  if (quota.bytes !== null && quota.periodHours < 1) {
    problems.push({ path: '/quota/periodHours', message: 'must be at least 1' });
  }
  return [...problems, ...ruleProblems(groupRules, knownGroupIds)];
}

function ruleProblems(rules: readonly GroupRule[], knownGroupIds: ReadonlySet<string>): InputProblem[] {
  const problems: InputProblem[] = [];
  const firstOf = new Map<string, { effect: GroupRule['effect']; index: number }>();
  for (const [index, rule] of rules.entries()) {
    const path = `/groupRules/${index}`;
    if (!knownGroupIds.has(rule.groupId)) {
      problems.push({ path: `${path}/groupId`, message: 'must name a group that exists' });
    }
    if (rule.name === '') problems.push({ path: `${path}/name`, message: 'must not be empty' });
    const selector = selectorKey(rule);
    const first = firstOf.get(selector);
    if (first === undefined) firstOf.set(selector, { effect: rule.effect, index });
    else if (first.effect === rule.effect) problems.push({ path, message: `must not repeat rule ${first.index}` });
    else problems.push({ path: `${path}/effect`, message: `must not contradict rule ${first.index}` });
  }
  return problems;
}

/** Equal for rules about the same renditions of the same group, however they are written. */
function selectorKey({ groupId, kinds, name }: GroupRule): string {
  const about = renditionKinds.filter((kind) => kinds.length === 0 || kinds.includes(kind));
  const pattern = name?.replace(/\*+/g, '*') ?? '*';
  return JSON.stringify([groupId, about, pattern]);
}
