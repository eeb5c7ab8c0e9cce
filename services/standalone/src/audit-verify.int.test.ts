import { appendAuditEvents } from '@sheaf/db/audit/append-audit-event';
import { expect, test } from 'vitest';
import { setupInstallation } from '../../../test/harness/installation.ts';

/** An installation with three events, and the command on it. */
async function setup() {
  const { db, sheaf } = await setupInstallation();
  const at = new Date('2026-03-04T05:06:07.089Z');
  await appendAuditEvents(
    db.orm,
    [1, 2, 3].map((n) => ({ at, action: 'asset.changed', detail: { n } })),
  );
  return {
    /** As somebody who may do anything to the database. */
    async alter(statement: string): Promise<void> {
      await db.orm.execute('alter table audit_events disable trigger user');
      await db.orm.execute(statement);
    },
    verify: (...args: string[]) => sheaf(['audit', 'verify', ...args]),
  };
}

test('a log that holds: its head is printed, is accepted by --expect and --from, and the exit code is 0', async () => {
  const { verify } = await setup();
  const { code, stdout } = await verify();
  const [, head] = /^3 rows hold\. Head, to be kept elsewhere:\n(3:[0-9a-f]{64})\n$/.exec(stdout) ?? [];
  expect([code, head]).toEqual([0, expect.any(String)]);
  expect(await verify('--expect', head!)).toMatchObject({ code: 0 });
  const continued = await verify('--from', head!, '--json');
  expect(JSON.parse(continued.stdout)).toEqual({ ok: true, rows: 1, head, fault: null });
});

test('an altered row is named, and the exit code is 1', async () => {
  const { alter, verify } = await setup();
  await alter(`update audit_events set record = replace(record, '"n":2', '"n":9') where seq = 2`);
  expect(await verify()).toEqual({
    code: 1,
    stdout: 'ALTERED  row 2: its record is not the one that its hash was computed from\n1 rows before it hold.\n',
    stderr: '',
  });
  const { code, stdout } = await verify('--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([1, { ok: false, rows: 1, fault: { seq: 2, kind: 'record' } }]);
});

test('rows cut off the end show against the head that was written down', async () => {
  const { alter, verify } = await setup();
  const head = JSON.parse((await verify('--json')).stdout).head;
  await alter('delete from audit_events where seq = 3');
  expect(await verify()).toMatchObject({ code: 0 });
  expect(await verify('--expect', head)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('ALTERED  row 3: the row is missing'),
  });
});

test('what is no head is refused in one line', async () => {
  const { verify } = await setup();
  const refused = { code: 1, stdout: '', stderr: expect.stringMatching(/^sheaf: --expect takes <seq>:<hash>.*\n$/) };
  expect(await verify('--expect', '3')).toEqual(refused);
});
