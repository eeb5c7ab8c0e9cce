import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from './load-config.ts';

function faultsOf(env: Record<string, string>, ...required: Parameters<typeof loadConfig>[1] & string[]): string[] {
  try {
    loadConfig(env, required);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

test('an empty environment gives the defaults', () => {
  const settings = loadConfig({});
  expect(settings.PORT).toBe(8080);
  expect(settings.HOST).toBe('127.0.0.1');
  expect(settings.DATABASE_URL).toBeUndefined();
  expect(settings.WEBHOOK_ALLOWED_ADDRESSES).toEqual([]);
});

test('values are read as their types, with spaces around them ignored', () => {
  const settings = loadConfig({
    PORT: ' 9000 ',
    WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1, 10.0.0.0/8,',
    LOG_LEVEL: 'warn',
  });
  expect(settings.PORT).toBe(9000);
  expect(settings.WEBHOOK_ALLOWED_ADDRESSES).toEqual(['127.0.0.1', '10.0.0.0/8']);
  expect(settings.LOG_LEVEL).toBe('warn');
});

test('an empty value counts as absent', () => {
  expect(loadConfig({ PORT: '', DATABASE_URL: '  ' })).toEqual(loadConfig({}));
});

test('every fault is reported at once, in the order of the table', () => {
  expect(faultsOf({ LOG_LEVEL: 'loud', PORT: '70000', DATABASE_URL: 'mysql://x', SECRET_KEY: 'short' })).toEqual([
    'PORT must be from 0 to 65535, not 70000.',
    'DATABASE_URL must be a URL that begins with postgres:// or postgresql://.',
    'SECRET_KEY must have at least 32 characters.',
    'LOG_LEVEL must be one of debug, info, warn, error, silent, not "loud".',
  ]);
});

test.each(['x', '1.5', '1e3', '0x10', '99999999999999999999'])('%s is no whole number', (text) => {
  expect(faultsOf({ PORT: text })).toHaveLength(1);
});

test('a secret never stands in its own fault', () => {
  const secret = 'hunter2-hunter2';
  expect(faultsOf({ SECRET_KEY: secret, DATABASE_URL: secret }).join()).not.toContain(secret);
});

test('a required setting that is absent is a fault that says what it is for', () => {
  const [fault] = faultsOf({}, 'DATABASE_URL');
  expect(fault).toMatch(/^DATABASE_URL is required: PostgreSQL 18/);
});

test('a name that is nearly a setting is a fault, unless that setting is there as well', () => {
  expect(faultsOf({ DATABASE_URI: 'postgres://x' })).toEqual([
    'DATABASE_URI is not a setting. Did you mean DATABASE_URL?',
  ]);
  expect(faultsOf({ DATABASE_URI: 'x', DATABASE_URL: 'postgres://x' })).toEqual([]);
});

test('names of other programs are left alone', () => {
  expect(faultsOf({ PATH: '/bin', HOME: '/root', POST: '1', LOGNAME: 'me', DATABASE: 'x' })).toEqual([]);
});

test('a trailing slash of a URL is dropped, so that paths can be appended', () => {
  expect(loadConfig({ PUBLIC_URL: 'https://sheaf.example/' }).PUBLIC_URL).toBe('https://sheaf.example');
});
