import { describe, expect, test } from 'vitest';
import { claimValues, roleOf } from './claim-values.ts';

describe('the values of a claim', () => {
  test('are one text, or a list of which only texts count, each once', () => {
    expect(claimValues({ groups: 'a' }, 'groups')).toEqual(['a']);
    expect(claimValues({ groups: ['a', 'b', 'a', 1, null, '', { a: 1 }] }, 'groups')).toEqual(['a', 'b']);
  });

  test('are none where it is absent or something else', () => {
    for (const groups of [undefined, null, 7, true, { a: 'b' }]) expect(claimValues({ groups }, 'groups')).toEqual([]);
    expect(claimValues({}, 'groups')).toEqual([]);
  });

  test('are found by a path, unless a claim has the whole path as its name', () => {
    const nested = { realm_access: { roles: ['a'] } };
    expect(claimValues(nested, 'realm_access.roles')).toEqual(['a']);
    expect(claimValues({ ...nested, 'realm_access.roles': 'b' }, 'realm_access.roles')).toEqual(['b']);
    expect(claimValues({ 'https://example.com/groups': ['c'] }, 'https://example.com/groups')).toEqual(['c']);
    expect(claimValues({ realm_access: 'text' }, 'realm_access.roles')).toEqual([]);
  });

  test('are never what every object has', () => {
    expect(claimValues({}, 'constructor.name')).toEqual([]);
    expect(claimValues({ a: 'text' }, 'a.length')).toEqual([]);
  });
});

describe('the role by groups', () => {
  const both = { adminGroup: 'admins', contributorGroup: 'authors' };

  test('is the highest that a value gives, and requester without any', () => {
    expect(roleOf(['authors', 'admins'], both)).toBe('administrator');
    expect(roleOf(['authors'], both)).toBe('contributor');
    expect(roleOf(['Admins'], both)).toBe('requester');
    expect(roleOf([], { ...both, adminGroup: null })).toBe('requester');
  });

  test('is left as it is where no group gives one', () => {
    expect(roleOf(['admins'], { adminGroup: null, contributorGroup: null })).toBeNull();
  });
});
