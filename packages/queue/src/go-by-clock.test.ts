import { expect, test } from 'vitest';
import { type Commands, goByClock } from './go-by-clock.ts';

const hourMs = 60 * 60 * 1_000;

/** Commands that say what they were sent, before a machine's clock that is so far ahead. */
function setup(aheadMs: number, rows: Record<string, unknown>[] = []) {
  const sent: unknown[] = [];
  const commands: Commands = {
    async run(...given) {
      sent.push(...given);
      return { rows };
    },
  };
  const now = Date.now();
  goByClock(commands, () => new Date(Date.now() - aheadMs));
  return { commands, sent, now };
}

test.each([hourMs, -hourMs])('of a clock that is %d ms ahead, times are moved and nothing else is', async (aheadMs) => {
  const { commands, sent, now } = setup(aheadMs);
  await commands.run('move_to_active', ['render', 'token', 10_000, now, null, ['id'], `${now}`]);
  expect(sent).toEqual(['move_to_active', ['render', 'token', 10_000, expect.any(Number), null, ['id'], `${now}`]]);
  expect(Math.abs((sent[1] as number[])[3]! - (now - aheadMs))).toBeLessThan(1_000);
});

test('when the next delayed job is due comes back by the clock of the machine', async () => {
  const { commands, now } = setup(hourMs, [{ next_delay: String(Date.now() - hourMs) }, { next_delay: null }]);
  const { rows } = await commands.run('next_signal', ['render', null, now]);
  expect(Math.abs(Number(rows[0]!.next_delay) - now)).toBeLessThan(1_000);
  expect(rows[1]).toEqual({ next_delay: null });
});

test('a command without values stays one', async () => {
  const { commands, sent } = setup(hourMs);
  await commands.run('get_client_list');
  expect(sent).toEqual(['get_client_list', undefined]);
});
