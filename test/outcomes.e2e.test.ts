import type { OutcomeJson } from '@sheaf/contract/outcome';
import { reasonText } from '@sheaf/domain/reason-text';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startMailServer } from './harness/mail-server.ts';
import { renditionOf, setupPortal } from './harness/portal.ts';
import { startWebhookListener } from './harness/webhook-listener.ts';

const patience = { timeout: 30_000, interval: 50 };

/** A portal that sends emails and calls the requester's webhook, which may be on this machine. */
async function setup() {
  const mail = await startMailServer();
  onTestFinished(mail.close);
  const listener = await startWebhookListener();
  onTestFinished(listener.close);
  const portal = await setupPortal({
    settings: {
      SMTP_URL: mail.url,
      MAIL_FROM: 'Sheaf <sheaf@example.com>',
      WEBHOOK_ALLOWED_ADDRESSES: ['127.0.0.1'],
    },
  });
  const hook = { url: listener.url, events: ['download.ready'] };
  const added = await portal.call('POST', '/api/v1/webhooks', portal.users.requester, hook);
  expect(added.statusCode, added.body).toBe(201);
  return { ...portal, mail, listener };
}

/** What every place that tells of an asset has in common. */
const brief = ({ assetId, title, outcome, reason }: Pick<OutcomeJson, 'assetId' | 'title' | 'outcome' | 'reason'>) => ({
  assetId,
  title,
  outcome,
  reason,
});

test('preflight, items, manifest, webhook, inbox and email tell the same of every asset, whole, partial or excluded', async () => {
  const { addLicence, addPicture, db, download, get, items, listener, mail, preflight, unpack } = await setup();
  const whole = await addPicture({ title: 'Whole', fileName: 'whole.jpg' });
  const licence = await addLicence();
  const excluded = await addPicture({ title: 'Excluded', fileName: 'excluded.jpg', licenceId: licence.id });
  const partial = await addPicture({ title: 'Partial', fileName: 'partial.jpg' });
  await db.orm.execute(`
    update renditions set state = 'failed', error = 'Broken', blob_sha256 = null, blob_size = null, blob_crc32 = null
    where id = '${renditionOf(partial, 'static', 'web').id}'`);
  const body = {
    assetIds: [whole.id, excluded.id, partial.id],
    renditions: 'originals-and-static' as const,
    unavailable: 'skip' as const,
    notify: { email: true, to: [] },
  };
  const expected = [
    { assetId: whole.id, title: 'Whole', outcome: 'included', reason: null },
    { assetId: excluded.id, title: 'Excluded', outcome: 'excluded', reason: 'licence.not_accepted' },
    { assetId: partial.id, title: 'Partial', outcome: 'included', reason: 'rendition.failed' },
  ];

  expect((await preflight(body)).outcomes.map(brief)).toEqual(expected);

  const ready = await download(body);
  expect(ready).toMatchObject({ state: 'ready', counts: { included: 2, excluded: 1 } });
  expect((await items(ready.id)).map(brief)).toEqual(expected);
  const manifest: { outcomes: OutcomeJson[] } = JSON.parse(String((await unpack(ready)).get('manifest.json')));
  expect(manifest.outcomes.map(brief)).toEqual(expected);
  const files = manifest.outcomes.map(({ entries }) => entries.length);
  expect(files).toEqual([files[0], 0, files[0]! - 1]);

  const told = await vi.waitFor(async () => {
    const inbox = await get<{ items: { body: { data: { outcomes: unknown } } }[] }>('/me/inbox');
    expect([mail.messages.length, listener.received.length, inbox.items.length]).toEqual([1, 1, 1]);
    return inbox.items[0]!.body.data.outcomes;
  }, patience);
  const outcomes = {
    included: 2,
    excluded: 1,
    reasons: [
      { reason: 'licence.not_accepted', excluded: 1, partial: 0, text: reasonText['licence.not_accepted'] },
      { reason: 'rendition.failed', excluded: 0, partial: 1, text: reasonText['rendition.failed'] },
    ],
    incomplete: expected.slice(1),
  };
  expect(JSON.parse(listener.received[0]!.body).data.outcomes).toEqual(outcomes);
  expect(told).toEqual(outcomes);

  const text = mail.messages[0]!.text!.replaceAll('\n', ' ');
  expect(text).toContain(`1 × ${reasonText['licence.not_accepted']}`);
  expect(text).toContain(`1 × ${reasonText['rendition.failed']}`);
  expect(text).toContain(`Excluded: ${reasonText['licence.not_accepted']}`);
  expect(text).toContain(`Partial (some files): ${reasonText['rendition.failed']}`);
  expect(text).not.toContain('Whole');
});
