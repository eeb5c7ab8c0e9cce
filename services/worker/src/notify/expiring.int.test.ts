import { deleteAsset } from '@sheaf/db/catalogue/delete-asset';
import { inboxItems } from '@sheaf/db/schema/notifications';
import { insertWebhook } from '@sheaf/db/webhooks/insert-webhook';
import { expect, onTestFinished, test } from 'vitest';
import { startMailServer } from '../../../../test/harness/mail-server.ts';
import { startWebhookListener } from '../../../../test/harness/webhook-listener.ts';
import { setupWorker } from '../../../../test/harness/worker.ts';

const day = 86_400_000;

/** A worker whose requester is told by email, webhook and inbox. */
async function setup() {
  const mail = await startMailServer();
  onTestFinished(mail.close);
  const listener = await startWebhookListener();
  onTestFinished(listener.close);
  const worker = await setupWorker({
    settings: {
      SMTP_URL: mail.url,
      MAIL_FROM: 'Sheaf <sheaf@example.com>',
      WEBHOOK_ALLOWED_ADDRESSES: ['127.0.0.1'],
    },
  });
  await insertWebhook(worker.db.orm, {
    userId: worker.requester.id,
    url: listener.url,
    events: ['download.ready'],
    enabled: true,
    sealedSecret: worker.deps.sealers.webhook.seal('whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQ='),
    createdAt: new Date(),
  });
  // An hour less than so many days: days that have begun are told.
  const inDays = (days: number) => new Date(worker.deps.clock().getTime() + days * day - 3_600_000);

  /** Makes a download of these assets ready, and its notifications still to be delivered. */
  async function ready(assetIds: string[]): Promise<void> {
    const downloadId = await worker.request({ assetIds, notify: { email: true, to: [] } });
    await worker.runJob((await worker.takeJobs())[0]!);
    await worker.runJob((await worker.takeJobs())[0]!);
    expect((await worker.download(downloadId)).state).toBe('ready');
  }

  /** Delivers them, and gives what each channel told. */
  async function told() {
    await expect
      .poll(
        async () => {
          await worker.runJobs();
          const entries = await worker.db.orm.select().from(inboxItems);
          return [mail.messages.length, listener.received.length, entries.length];
        },
        { timeout: 10_000 },
      )
      .toEqual([1, 1, 1]);
    const [entry] = await worker.db.orm.select().from(inboxItems);
    return {
      email: mail.messages[0]!,
      webhook: JSON.parse(listener.received[0]!.body).data.expiring,
      inbox: (entry!.body as { data: { expiring: unknown } }).data.expiring,
    };
  }
  return { worker, inDays, ready, told };
}

test('a notification names the included assets that expire soon, and none that is excluded, deleted or lasts', async () => {
  const { worker, inDays, ready, told } = await setup();
  const { licenceId } = await worker.addLicence('Press', Buffer.from('terms'));
  const expiresAt = inDays(3);
  const soon = await worker.addAsset({ title: 'Boat', expiresAt });
  const excluded = await worker.addAsset({ title: 'Licensed', licenceId, expiresAt: inDays(4) });
  const deleted = await worker.addAsset({ title: 'Deleted', expiresAt: inDays(5) });
  const later = await worker.addAsset({ title: 'Later', expiresAt: new Date(inDays(16).getTime() + 3_600_000) });
  const lasting = await worker.addAsset({ title: 'Lasting' });
  await ready([lasting, later, deleted, excluded, soon].map(({ assetId }) => assetId));
  await deleteAsset(worker.db.orm, deleted.assetId, worker.deps.clock());

  const { email, webhook, inbox } = await told();

  const expected = {
    withinDays: 15,
    assets: 1,
    first: [{ assetId: soon.assetId, title: 'Boat', expiresAt: expiresAt.toISOString(), days: 3 }],
  };
  expect(webhook).toEqual(expected);
  expect(inbox).toEqual(expected);
  const sentence = '1 asset expires within 15 days: “Boat” in 3 days.';
  expect(email.text).toContain(sentence);
  expect(email.html).toContain(sentence);
});

test('of many assets that expire soon, the first to expire are named and all are counted', async () => {
  const { worker, inDays, ready, told } = await setup();
  const assetIds: string[] = [];
  // In the order of the request the last to expire come first.
  for (let asset = 25; asset >= 1; asset -= 1) {
    const expiresAt = new Date(inDays(2).getTime() + asset * 60_000);
    assetIds.push((await worker.addAsset({ title: `Asset ${asset}`, expiresAt })).assetId);
  }
  await ready(assetIds);

  const { email, webhook, inbox } = await told();

  expect(webhook.assets).toBe(25);
  const titles = webhook.first.map(({ title }: { title: string }) => title);
  expect(titles).toEqual(Array.from({ length: 20 }, (_, index) => `Asset ${index + 1}`));
  expect(inbox).toEqual(webhook);
  expect(email.text?.replaceAll('\n', ' ')).toContain(
    '25 assets expire within 15 days: “Asset 1” in 2 days, “Asset 2” in 2 days, “Asset 3” in 2 days, and 22 more.',
  );
});

test('days are counted when the notification goes out, and what has expired by then is not named', async () => {
  const { worker, inDays, ready, told } = await setup();
  const gone = await worker.addAsset({ title: 'Gone', expiresAt: inDays(2) });
  const soon = await worker.addAsset({ title: 'Boat', expiresAt: inDays(17) });
  await ready([gone.assetId, soon.assetId]);
  worker.advanceClock(2 * day);

  const { email, webhook, inbox } = await told();

  expect(webhook).toMatchObject({ assets: 1, first: [{ title: 'Boat', days: 15 }] });
  expect(inbox).toEqual(webhook);
  expect(email.text).toContain('1 asset expires within 15 days: “Boat” in 15 days.');
});
