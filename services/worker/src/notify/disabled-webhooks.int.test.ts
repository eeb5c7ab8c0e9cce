import { randomBytes } from 'node:crypto';
import { verifyAuditLog } from '@sheaf/db/audit/verify-audit-log';
import { findGaps } from '@sheaf/db/doctor/find-gaps';
import { insertWebhook } from '@sheaf/db/webhooks/insert-webhook';
import { rotateWebhookSecret } from '@sheaf/db/webhooks/rotate-webhook-secret';
import { updateWebhook } from '@sheaf/db/webhooks/update-webhook';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startWebhookListener } from '../../../../test/harness/webhook-listener.ts';
import { setupWorker, type WorkerSetup } from '../../../../test/harness/worker.ts';

const day = 24 * 60 * 60_000;
const newSecret = () => `whsec_${randomBytes(24).toString('base64')}`;

/** A requester with a webhook whose receiver runs at 127.0.0.1. */
async function setup(options: WorkerSetup = {}) {
  const worker = await setupWorker({ settings: { WEBHOOK_ALLOWED_ADDRESSES: ['127.0.0.1'] }, ...options });
  const { db, deps, requester } = worker;
  const listener = await startWebhookListener();
  onTestFinished(listener.close);
  const secret = newSecret();
  const webhook = await insertWebhook(db.orm, {
    userId: requester.id,
    url: listener.url,
    events: ['download.ready'],
    enabled: true,
    sealedSecret: deps.sealers.webhook.seal(secret),
    createdAt: new Date(),
  });
  const { assetId } = await worker.addAsset();
  const rows = async (query: string) => [...(await db.orm.execute(query))];
  return {
    worker,
    listener,
    secret,
    webhookId: webhook.id,
    rows,
    /** Requests a download, makes it ready, and calls the webhook once for it. */
    async call() {
      await worker.request({ assetIds: [assetId], notify: { email: false, to: [] } });
      await worker.runJobs();
    },
    change: (changes: Parameters<typeof updateWebhook>[3]) => updateWebhook(db.orm, requester.id, webhook.id, changes),
    rotate: (next: string, previousUntil: Date) =>
      rotateWebhookSecret(db.orm, {
        userId: requester.id,
        id: webhook.id,
        sealedSecret: deps.sealers.webhook.seal(next),
        previousUntil,
      }),
    webhook: async () => (await rows('select enabled, disabled_reason as reason from webhooks'))[0],
    deliveries: () =>
      rows("select state, last_error as error from notifications where channel = 'webhook' order by id"),
    inbox: async () => (await db.orm.query.inboxItems.findMany()).filter(({ event }) => event === 'webhook.disabled'),
  };
}

describe('a receiver that answers 410', () => {
  test('is called no more: what was waiting for it ends with a reason, and later events ask for nothing', async () => {
    const { listener, call, webhook, deliveries } = await setup({ policy: { notifyPauses: [day] } });
    listener.answer((response) => response.writeHead(500).end());
    await call();
    listener.answer((response) => response.writeHead(410).end());
    await call();

    expect(await webhook()).toMatchObject({ enabled: false, reason: 'gone' });
    expect(await deliveries()).toEqual([
      { state: 'failed', error: 'The webhook was switched off: it answered another message that it is gone (410).' },
      { state: 'failed', error: 'The webhook answered 410: it is gone. It was switched off.' },
    ]);
    await call();
    expect(await deliveries()).toHaveLength(2);
    expect(listener.received).toHaveLength(2);
  });

  test('its owner is told by inbox and by mail, and the audit log says so without the address', async () => {
    const { worker, listener, webhookId, call, inbox, rows } = await setup();
    listener.answer((response) => response.writeHead(410).end());
    await call();
    await worker.runJobs();

    const { host } = new URL(listener.url);
    expect(await inbox()).toMatchObject([
      {
        title: `The webhook at ${host} was switched off`,
        body: {
          type: 'webhook.disabled',
          data: { webhook: { id: webhookId, url: listener.url, disabledReason: 'gone' } },
        },
      },
    ]);
    const [mail, ...others] = await worker.db.orm.query.keptMails.findMany();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      toAddress: 'requester@example.com',
      subject: `The webhook at ${host} was switched off`,
    });
    expect(worker.deps.sealers.mail.open(mail!.sealedText)).toContain('It answered that it is gone');
    const told = await rows("select actor_id, record from audit_events where action = 'webhook.disabled'");
    expect(told.map(({ record }) => JSON.parse(String(record)).detail)).toEqual([{ webhookId, host, reason: 'gone' }]);
    expect(told[0]?.actor_id).toBeNull();
    expect(await verifyAuditLog(worker.db.orm)).toMatchObject({ fault: null });
  });

  test('its owner is told anew where it is gone anew, and that is no gap for the doctor', async () => {
    const { worker, listener, call, change, inbox } = await setup();
    listener.answer((response) => response.writeHead(410).end());
    for (const times of [1, 2]) {
      await call();
      await worker.runJobs();
      expect(await inbox()).toHaveLength(times);
      await change({ enabled: true });
    }

    expect(await findGaps(worker.db.orm, { limit: 10 })).toEqual([]);
  });

  test('who wants no mail hears of it in the inbox alone', async () => {
    const { worker, listener, call, inbox } = await setup();
    await worker.db.orm.execute('update users set email_notifications = false');
    listener.answer((response) => response.writeHead(410).end());
    await call();
    await worker.runJobs();

    expect(await inbox()).toHaveLength(1);
    expect(await worker.db.orm.query.keptMails.findMany()).toEqual([]);
  });

  test('an address that was changed while the old one was being called is not switched off', async () => {
    const { listener, call, change, webhook } = await setup();
    listener.answer(async (response) => {
      await change({ url: 'https://elsewhere.example/hook' });
      response.writeHead(410).end();
    });
    await call();

    expect(await webhook()).toMatchObject({ enabled: true, reason: null });
  });

  test('what arrived while another message was answered by 410 counts as delivered', async () => {
    const { worker, listener, call, deliveries, webhook } = await setup({ policy: { notifyTimeout: 10_000 } });
    const both = Promise.withResolvers<void>();
    let calls = 0;
    listener.answer(async (response) => {
      calls += 1;
      if (calls === 1) {
        await both.promise;
        response.writeHead(204).end();
        return;
      }
      response.on('finish', async () => {
        await expect.poll(async () => (await webhook())?.enabled).toBe(false);
        both.resolve();
      });
      response.writeHead(410).end();
    });
    const first = call();
    await expect.poll(() => calls).toBe(1);
    await Promise.all([first, call()]);
    await worker.runJobs();

    expect((await deliveries()).map(({ state }) => state)).toEqual(['delivered', 'failed']);
  });
});

describe('a receiver that takes nothing', () => {
  const failing = { policy: { notifyPauses: [], webhookFailingMost: 5 * day } };

  test('for five days is switched off, and its owner told', async () => {
    const { worker, listener, call, webhook, inbox } = await setup(failing);
    listener.answer((response) => response.writeHead(500).end());
    for (let days = 0; days < 5; days++) {
      await call();
      expect(await webhook()).toMatchObject({ enabled: true });
      worker.advanceClock(day);
    }
    await call();
    await worker.runJobs();

    expect(await webhook()).toMatchObject({ enabled: false, reason: 'failing' });
    expect(await inbox()).toMatchObject([{ body: { data: { webhook: { disabledReason: 'failing' } } } }]);
  });

  test.each([
    [
      'one message arrived',
      async ({ listener, call }: Awaited<ReturnType<typeof setup>>) => {
        listener.answer(
          (response) => response.writeHead(204).end(),
          (response) => response.writeHead(500).end(),
        );
        await call();
      },
    ],
    [
      'its owner gave it another address',
      async ({ change, listener }) => {
        await change({ url: `${listener.url}/other` });
      },
    ],
    [
      'its owner switched it on',
      async ({ change }) => {
        await change({ enabled: true });
      },
    ],
    [
      'nothing was sent for as long',
      async ({ worker }) => {
        worker.advanceClock(6 * day);
      },
    ],
  ] as [string, (begun: Awaited<ReturnType<typeof setup>>) => Promise<void>][])(
    'stays on where in the meantime %s',
    async (_what, meanwhile) => {
      const begun = await setup(failing);
      const { worker, listener, call, webhook } = begun;
      listener.answer((response) => response.writeHead(500).end());
      await call();
      worker.advanceClock(4 * day);
      await meanwhile(begun);
      worker.advanceClock(2 * day);
      await call();

      expect(listener.received.length).toBeGreaterThan(1);
      expect(await webhook()).toMatchObject({ enabled: true, reason: null });
    },
  );

  test('is told of once, also where two attempts find out side by side', async () => {
    const { worker, listener, call, inbox } = await setup({ policy: { notifyPauses: [], webhookFailingMost: 0 } });
    await Promise.all([call(), call()]);
    listener.answer((response) => response.writeHead(500).end());
    await worker.db.orm.execute(
      "update notifications set state = 'pending', next_attempt_at = now() where channel = 'webhook'",
    );
    const pending = await worker.db.orm.execute<{ id: string }>(
      "select id from notifications where channel = 'webhook'",
    );
    await Promise.all(pending.map(({ id }) => worker.runJob({ job: 'notify', payload: { notificationId: id } })));
    await worker.runJobs();

    expect(await inbox()).toHaveLength(1);
  });

  test('its owner is not told any more once it was switched on again', async () => {
    const { worker, listener, call, change, webhook, inbox, rows } = await setup({
      policy: { notifyPauses: [], webhookFailingMost: 0 },
    });
    await call();
    listener.answer((response) => response.writeHead(500).end());
    const [delivery] = await rows(
      "update notifications set state = 'pending', next_attempt_at = now() where channel = 'webhook' returning id",
    );
    await worker.runJob({ job: 'notify', payload: { notificationId: String(delivery?.id) } });
    expect(await webhook()).toMatchObject({ enabled: false, reason: 'failing' });

    await change({ enabled: true });
    await worker.runJobs();

    expect(await inbox()).toEqual([]);
    expect(
      await rows("select distinct state, last_error as error from notifications where event = 'webhook.disabled'"),
    ).toEqual([{ state: 'failed', error: 'The webhook was switched on again, or deleted.' }]);
  });
});

describe('after a rotation of the secret', () => {
  test.each([
    ['within 24 hours', 60_000, true],
    ['after 24 hours', -60_000, false],
  ])('%s, the old secret verifies: $2', async (_when, ms, both) => {
    const { listener, secret, rotate, call } = await setup();
    const next = newSecret();
    await rotate(next, new Date(Date.now() + ms));
    await call();

    const [{ headers, body }] = listener.received as [(typeof listener.received)[number]];
    const verify = (key: string) => new Webhook(key).verify(body, headers as Record<string, string>);
    expect(verify(next)).toMatchObject({ type: 'download.ready' });
    if (both) expect(verify(secret)).toMatchObject({ type: 'download.ready' });
    else expect(() => verify(secret)).toThrow('No matching signature found');
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(both ? 2 : 1);
  });

  test('the sweep forgets the old secret once its time is over', async () => {
    const { worker, rotate, rows } = await setup({ policy: { tidyEvery: 0 } });
    const until = new Date(Date.now() + day);
    await rotate(newSecret(), until);
    await worker.sweep();
    const kept = () => rows('select previous_sealed_secret is not null as kept from webhooks');
    expect(await kept()).toEqual([{ kept: true }]);
    worker.advanceClock(day + 1_000);
    await worker.sweep();
    expect(await kept()).toEqual([{ kept: false }]);
  });
});
