import { downloadRequestSchema } from '@sheaf/contract/download-request';
import { licenceFieldsSchema } from '@sheaf/contract/licence';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { parseTime, parseWith, validatorCompiler } from './schema-validator.ts';

const assetIds = Array.from(
  { length: 25_001 },
  (_, i) => `0197a0b1-c2d3-7e4f-8a5b-${i.toString(16).padStart(12, '0')}`,
);

function check(schema: object, httpPart: string, value: unknown) {
  const validate = validatorCompiler({ schema, httpPart, method: 'POST', url: '/' } as never);
  return validate(value) as { value?: unknown; error?: { detail: { errors: object[] } } };
}

describe('validation', () => {
  test('more ids than the default limit are well formed: the use case refuses them by name', () => {
    expect(check(downloadRequestSchema, 'body', { assetIds }).error).toBeUndefined();
  });

  test('a field that nobody knows is refused, and named', () => {
    const { error } = check(downloadRequestSchema, 'body', { assetIds: [assetIds[0]], renditionId: assetIds[1] });
    expect(error?.detail.errors).toEqual([{ path: '/renditionId', message: 'is not a known field' }]);
  });

  test('a body is taken as it is, a query is text', () => {
    const schema = Type.Object({ limit: Type.Integer() });
    expect(check(schema, 'body', { limit: '5' }).error).toBeDefined();
    expect(check(schema, 'querystring', { limit: '5' }).value).toEqual({ limit: 5 });
  });

  test('no more than twenty errors are told', () => {
    const { error } = check(downloadRequestSchema, 'body', { assetIds: assetIds.map(() => 'no id') });
    expect(error?.detail.errors.length).toBe(20);
  });

  test('fields of a form are converted', () => {
    expect(parseWith(licenceFieldsSchema, { title: 'Terms', approved: 'true' }, 'text').approved).toBe(true);
    expect(() => parseWith(licenceFieldsSchema, { title: 'Terms', approved: 'true' }, 'json')).toThrow();
  });

  test('a leap second is no time', () => {
    expect(() => parseTime('2016-12-31T23:59:60Z', '/expiresAt')).toThrow(/\/expiresAt is not a time/);
  });

  test.each(['0000-06-01T00:00:00Z', '0001-01-01T00:00:00+01:00', '9999-12-31T23:59:59-01:00'])('nor is %s', (text) => {
    expect(() => parseTime(text, '/expiresAt')).toThrow(/\/expiresAt is not a time/);
  });
});
