import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

test('whoever waits for a gate goes on when it opens or closes, and at once where it has', async () => {
  const gate = createGate();
  await gate.opened();
  const order: string[] = [];
  const closed = gate.closed().then(() => order.push('closed'));
  gate.open();
  await Promise.resolve();
  expect(order).toEqual([]);
  gate.close();
  await closed;
  const opened = gate.opened().then(() => order.push('opened'));
  expect(gate.isOpen()).toBe(false);
  gate.open();
  await opened;
  expect(order).toEqual(['closed', 'opened']);
});
