import { expect, test } from 'vitest';
import { createLifecycle } from './lifecycle.ts';

function setup() {
  const closed: string[] = [];
  const errors: string[] = [];
  const lifecycle = createLifecycle((name, error) => errors.push(`${name}: ${(error as Error).message}`));
  return { lifecycle, closed, errors };
}

test('what was opened last is closed first, one after the other', async () => {
  const { lifecycle, closed } = setup();
  lifecycle.onClose('database', () => void closed.push('database'));
  lifecycle.onClose('server', async () => {
    await Promise.resolve();
    closed.push('server');
  });
  await lifecycle.close();
  expect(closed).toEqual(['server', 'database']);
});

test('a failure is reported and does not keep the rest open', async () => {
  const { lifecycle, closed, errors } = setup();
  lifecycle.onClose('database', () => void closed.push('database'));
  lifecycle.onClose('server', () => Promise.reject(new Error('stuck')));
  await lifecycle.close();
  expect(closed).toEqual(['database']);
  expect(errors).toEqual(['server: stuck']);
});

test('closing twice closes once, and both wait for the end', async () => {
  const { lifecycle, closed } = setup();
  lifecycle.onClose('server', async () => {
    await Promise.resolve();
    closed.push('server');
  });
  await Promise.all([lifecycle.close(), lifecycle.close()]);
  expect(closed).toEqual(['server']);
});
