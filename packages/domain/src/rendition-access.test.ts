import { describe, expect, test } from 'vitest';
import { explainAccess } from './explain-access.ts';
import type { GroupRule } from './group-rule.ts';
import { type AccessSettings, renditionAccess } from './rendition-access.ts';

const member = { groups: ['agencies', 'press'], dynamicRenditions: false };
const web = { kind: 'static', name: 'web' } as const;
const original = { kind: 'original', name: 'original' } as const;

function rule(effect: GroupRule['effect'], facts: Partial<GroupRule> = {}): GroupRule {
  return { groupId: 'agencies', effect, kinds: [], name: null, ...facts };
}

function accessWith(groupRules: GroupRule[], settings: Partial<AccessSettings> = {}, actor = member) {
  return renditionAccess(actor, { originalsDownloadable: true, renditionsAvailable: true, ...settings, groupRules });
}

const off = { originalsDownloadable: false, renditionsAvailable: false };

describe('rules for groups', () => {
  test('without a rule the switches decide', () => {
    expect(accessWith([])(web).reason).toBeNull();
    expect(accessWith([], off)(web).reason).toBe('visibility.renditions_off');
    expect(accessWith([], off)(original).reason).toBe('visibility.originals_off');
  });

  test('deny wins over a switch that is on, and over an allow of any group in any order', () => {
    expect(accessWith([rule('deny')])(web).reason).toBe('visibility.rule_denied');
    const both = [rule('allow', { groupId: 'press' }), rule('deny', { kinds: ['static'], name: 'w*' })];
    for (const rules of [both, both.toReversed()]) {
      expect(accessWith(rules, off)(web).reason).toBe('visibility.rule_denied');
      expect(accessWith(rules, off)(original).reason).toBeNull();
    }
  });

  test('allow lifts a switch that is off, for what both of its selectors match', () => {
    const accessTo = accessWith([rule('allow', { kinds: ['static'], name: 'w?b' })], off);
    expect(accessTo(web).reason).toBeNull();
    expect(accessTo({ kind: 'static', name: 'print' }).reason).toBe('visibility.renditions_off');
    expect(accessTo(original).reason).toBe('visibility.originals_off');
  });

  test('a rule for a group says nothing to others', () => {
    const rules = [rule('deny', { groupId: 'strangers' }), rule('allow', { groupId: 'strangers' })];
    expect(accessWith(rules)(web).reason).toBeNull();
    expect(accessWith(rules, off)(web).reason).toBe('visibility.renditions_off');
  });

  test('rule 5: no rule replaces the entitlement', () => {
    const hero = { kind: 'dynamic', name: 'hero' } as const;
    const rules = [rule('allow')];
    expect(accessWith(rules)(hero).reason).toBe('rendition.not_entitled');
    expect(accessWith(rules, off)(hero).reason).toBe('rendition.not_entitled');
    expect(accessWith(rules, off, { ...member, dynamicRenditions: true })(hero).reason).toBeNull();
    expect(accessWith([], off)(hero).reason).toBe('visibility.renditions_off');
  });

  test('a kind and name is decided once', () => {
    const accessTo = accessWith([rule('deny', { name: 'w*' })]);
    expect(accessTo(web)).toBe(accessTo({ ...web }));
    expect(accessTo(web)).not.toBe(accessTo({ kind: 'smart-crop', name: 'web' }));
  });
});

describe('explanations', () => {
  const groupName = (id: string) => (id === 'agencies' ? 'Agencies' : undefined);

  test('what decided is named: the rule, the switch or the entitlement', () => {
    const denial = rule('deny', { kinds: ['static'], name: 'w*' });
    expect(accessWith([denial])(web).because).toEqual({ by: 'rule', rule: denial });
    expect(explainAccess(accessWith([denial])(web), groupName)).toBe(
      'Refused: a rule denies the group "Agencies" renditions of the kinds static named "w*".',
    );
    expect(explainAccess(accessWith([rule('allow')], off)(web))).toBe(
      'Allowed: a rule allows the group "agencies" all renditions.',
    );
    expect(explainAccess(accessWith([], off)(original))).toBe(
      'Refused: downloads of originals are switched off for everyone, and no rule for a group of the user says otherwise.',
    );
    expect(explainAccess(accessWith([])({ kind: 'dynamic', name: 'hero' }))).toBe(
      'Refused: the user has no entitlement to dynamic and smart-crop renditions.',
    );
  });

  test('an allow that lifts nothing is not what decided', () => {
    expect(accessWith([rule('allow')])(web).because).toEqual({ by: 'switch', name: 'renditionsAvailable', on: true });
  });
});
