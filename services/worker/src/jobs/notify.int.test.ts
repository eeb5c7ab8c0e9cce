import { randomBytes } from 'node:crypto';
import { keptMails } from '@sheaf/db/schema/notifications';
import { writeVisibility } from '@sheaf/db/visibility/write-visibility';
import { insertWebhook } from '@sheaf/db/webhooks/insert-webhook';
import { defaultVisibility } from '@sheaf/domain/visibility-configuration';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startMailServer } from '../../../../test/harness/mail-server.ts';
import { startWebhookListener } from '../../../../test/harness/webhook-listener.ts';
import { setupWorker, type TestWorker, type WorkerSetup } from '../../../../test/harness/worker.ts';
import { sizeText } from '../notify/human-text.ts';

/** A download that became ready, with its notifications still to be delivered. */
async function setup({
  notify,
  webhook,
  name,
  ...options
}: WorkerSetup & { notify?: { email: boolean; to: string[] }; webhook?: string; name?: string } = {}) {
  const worker = await setupWorker({ settings: { WEBHOOK_ALLOWED_ADDRESSES: ['127.0.0.1'] }, ...options });
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  if (webhook !== undefined) {
    await insertWebhook(worker.db.orm, {
      userId: worker.requester.id,
      url: webhook,
      events: ['download.ready', 'download.cancelled'],
      enabled: true,
      sealedSecret: worker.deps.sealers.webhook.seal(secret),
      createdAt: new Date(),
    });
  }
  const kept = await worker.addAsset({ title: 'Boat' });
  const expired = await worker.addAsset({ title: 'Old <b>boat</b>', expiresAt: new Date('2020-01-01') });
  const configuration = { ...defaultVisibility, expiredVisible: true };
  await writeVisibility(worker.db.orm, { configuration, changedBy: null, changedAt: new Date() });
  const downloadId = await worker.request({
    assetIds: [kept.assetId, expired.assetId],
    ...(name !== undefined && { name }),
    ...(notify && { notify }),
  });
  await worker.runJob((await worker.takeJobs())[0]!);
  await worker.runJob((await worker.takeJobs())[0]!);
  expect((await worker.download(downloadId)).state).toBe('ready');
  return { worker, downloadId, secret };
}

async function mailServer() {
  const server = await startMailServer();
  onTestFinished(server.close);
  return server;
}

async function webhookListener() {
  const listener = await startWebhookListener();
  onTestFinished(listener.close);
  return listener;
}

interface NotificationRow extends Record<string, unknown> {
  id: string;
  recipient: string;
  state: string;
  attempts: number;
  last_error: string | null;
}

async function notificationsOf({ db }: TestWorker, channel: 'email' | 'webhook' | 'inbox') {
  return [
    ...(await db.orm.execute<NotificationRow>(
      `select id, recipient, state, attempts, last_error from notifications where channel = '${channel}' order by id`,
    )),
  ];
}

/** Delivers, and tries again as often as the pauses allow. */
async function deliverAll(worker: TestWorker) {
  await expect
    .poll(
      async () => {
        await worker.runJobs();
        const [row] = await worker.db.orm.execute(
          "select count(*)::int as n from notifications where state = 'pending'",
        );
        return row?.n;
      },
      { timeout: 10_000 },
    )
    .toBe(0);
}

/** The tables with a row in which the text occurs, in any column, also as bytes. */
async function tablesHolding({ db }: TestWorker, wanted: string): Promise<string[]> {
  const tables = await db.orm.execute<{ name: string; quoted: string }>(`
    select schemaname || '.' || tablename as name, format('%I.%I', schemaname, tablename) as quoted from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`);
  const holding: string[] = [];
  for (const { name, quoted } of tables) {
    const rows = await db.orm.execute<{ content: string }>(`select t::text as content from ${quoted} t`);
    const hex = Buffer.from(wanted).toString('hex');
    if (rows.some(({ content }) => content.includes(wanted) || content.includes(hex))) holding.push(name);
  }
  return holding;
}

describe('notify by email', () => {
  test('tells requester and colleagues what is in the archive, what is not and why, and where it is until when', async () => {
    const mail = await mailServer();
    const { worker, downloadId } = await setup({
      settings: { SMTP_URL: mail.url, MAIL_FROM: 'Sheaf <sheaf@example.com>', PUBLIC_URL: 'https://sheaf.example' },
      notify: { email: true, to: ['colleague@example.com', 'REQUESTER@example.com'] },
    });

    await deliverAll(worker);

    expect(mail.messages.map(({ to }) => (Array.isArray(to) ? '' : to?.text))).toEqual([
      'requester@example.com',
      'colleague@example.com',
    ]);
    const { defaultLink, parts } = await worker.download(downloadId);
    const url = `https://sheaf.example/d/${worker.deps.sealers.link.open(defaultLink!.sealedToken)}`;
    const [message] = mail.messages;
    expect(message?.subject).toBe('“Spring campaign” is ready');
    expect(message?.from?.text).toBe('"Sheaf" <sheaf@example.com>');
    expect(message?.text).toContain(`The archive has 1 file of 1 asset: ${sizeText(parts[0]!.size)}.`);
    expect(message?.text).toContain('It can be downloaded until ');
    expect(message?.text).toContain(url);
    expect(message?.text).toContain('Not, or not completely, included: 1 asset\n  1 × The asset has expired.');
    expect(message?.text).toContain('- Old <b>boat</b>: The asset has expired.');
    expect(message?.html).toContain(`href="${url}"`);
    expect(message?.html).toContain('Old &lt;b&gt;boat&lt;/b&gt;: The asset has expired.');
    expect(message?.html).not.toContain('<b>boat');
  });

  test('a message that the server refuses is sent again under the same Message-ID, and then no more', async () => {
    const mail = await mailServer();
    const { worker } = await setup({
      settings: { SMTP_URL: mail.url, PUBLIC_URL: 'https://sheaf.example' },
      notify: { email: true, to: [] },
    });
    mail.refuse(1);

    await deliverAll(worker);

    const [row] = await notificationsOf(worker, 'email');
    expect(row).toMatchObject({ state: 'delivered', attempts: 2, last_error: null });
    expect(mail.refused).toEqual([`<${row?.id}@sheaf.example>`]);
    expect(mail.messages.map(({ messageId }) => messageId)).toEqual([`<${row?.id}@sheaf.example>`]);
    const attempts = await worker.db.orm.execute(
      `select number, ok, status from notification_attempts where notification_id = '${row?.id}' order by number`,
    );
    expect([...attempts]).toEqual([
      { number: 1, ok: false, status: 451 },
      { number: 2, ok: true, status: 250 },
    ]);
  });

  test('a server that is not there makes it fail after the last attempt, and the archive stays ready', async () => {
    const { worker, downloadId } = await setup({
      settings: { SMTP_URL: 'smtp://127.0.0.1:1' },
      notify: { email: true, to: [] },
    });

    await deliverAll(worker);

    const [row] = await notificationsOf(worker, 'email');
    expect(row).toMatchObject({ state: 'failed', attempts: 3 });
    expect(row?.last_error).toContain('ECONNREFUSED');
    expect((await worker.download(downloadId)).state).toBe('ready');
  });

  test('is kept for the dashboard where no mail server is configured', async () => {
    const { worker } = await setup({ notify: { email: true, to: [] } });

    await deliverAll(worker);

    const [kept, ...others] = await worker.db.orm.select().from(keptMails);
    expect(others).toEqual([]);
    expect(kept).toMatchObject({ toAddress: 'requester@example.com', subject: '“Spring campaign” is ready' });
    const { mail } = worker.deps.sealers;
    expect(mail.open(kept!.sealedText)).toContain('https://sheaf.example/d/');
    expect(mail.open(kept!.sealedHtml)).toContain('https://sheaf.example/d/');
    const attempts = await worker.db.orm.execute(
      `select ok, status from notification_attempts where notification_id = '${kept!.notificationId}'`,
    );
    expect([...attempts]).toEqual([{ ok: true, status: null }]);
  });

  test('leaves the link’s token in clear in no row of any table when it is kept', async () => {
    const { worker, downloadId } = await setup({ notify: { email: true, to: ['colleague@example.com'] } });

    await deliverAll(worker);

    const { defaultLink } = await worker.download(downloadId);
    const token = worker.deps.sealers.link.open(defaultLink!.sealedToken);
    expect(await tablesHolding(worker, 'colleague@example.com')).toContain('public.kept_mails');
    expect(await tablesHolding(worker, token)).toEqual([]);
  });

  test('is not sent for an archive that was revoked before the message went out', async () => {
    const mail = await mailServer();
    const { worker, downloadId } = await setup({
      settings: { SMTP_URL: mail.url, PUBLIC_URL: 'https://sheaf.example' },
      notify: { email: true, to: [] },
    });
    await worker.db.orm.execute(`update downloads set state = 'revoked' where id = '${downloadId}'`);

    await deliverAll(worker);

    expect(mail.messages).toEqual([]);
    expect(await notificationsOf(worker, 'email')).toMatchObject([
      { state: 'failed', attempts: 1, last_error: 'The download is no longer ready.' },
    ]);
  });

  test.each([
    { email: null, preferred: true, sent: true },
    { email: null, preferred: false, sent: false },
    { email: true, preferred: false, sent: true },
    { email: false, preferred: true, sent: false },
  ])('requested: $email, preferred: $preferred; sent to the requester: $sent', async ({ email, preferred, sent }) => {
    const worker = await setupWorker();
    await worker.db.orm.execute(`update users set email_notifications = ${preferred}`);
    const { assetId } = await worker.addAsset();
    await worker.request({ assetIds: [assetId], notify: { email, to: ['colleague@example.com'] } });

    await worker.runJobs();

    expect((await notificationsOf(worker, 'email')).map(({ recipient }) => recipient)).toEqual([
      ...(sent ? ['requester@example.com'] : []),
      'colleague@example.com',
    ]);
  });
});

describe('notify by webhook', () => {
  test('posts the download in the shape of the API, signed to Standard Webhooks', async () => {
    const listener = await webhookListener();
    const { worker, downloadId, secret } = await setup({ webhook: listener.url });

    await deliverAll(worker);

    const [row] = await notificationsOf(worker, 'webhook');
    const [{ headers, body }] = listener.received as [(typeof listener.received)[number]];
    expect(headers['webhook-id']).toBe(row?.id);
    const payload = new Webhook(secret).verify(body, headers as Record<string, string>);
    const { defaultLink, parts } = await worker.download(downloadId);
    expect(payload).toMatchObject({
      type: 'download.ready',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: {
        download: {
          id: downloadId,
          state: 'ready',
          counts: { included: 1, excluded: 1 },
          bundle: {
            format: 'zip',
            size: parts[0]?.size,
            parts: [
              {
                number: 1,
                url: `https://sheaf.example/d/${worker.deps.sealers.link.open(defaultLink!.sealedToken)}`,
              },
            ],
          },
        },
        outcomes: {
          included: 1,
          excluded: 1,
          reasons: [{ reason: 'asset.expired', excluded: 1, partial: 0, text: 'The asset has expired.' }],
          incomplete: [{ title: 'Old <b>boat</b>', outcome: 'excluded', reason: 'asset.expired' }],
        },
      },
    });
    expect(row).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  test('a webhook that answers 500 gets the same message again until it takes it', async () => {
    const listener = await webhookListener();
    listener.answer(
      (response) => response.writeHead(500).end('broken'),
      (response) => response.writeHead(200).end('thanks'),
    );
    const { worker } = await setup({ webhook: listener.url });

    await deliverAll(worker);

    expect(listener.received).toHaveLength(2);
    expect(listener.received[1]?.headers['webhook-id']).toBe(listener.received[0]?.headers['webhook-id']);
    expect(listener.received[1]?.body).toBe(listener.received[0]?.body);
    expect(await notificationsOf(worker, 'webhook')).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  /** Milliseconds from the database's now until the next attempt of the webhook's only notification. */
  async function msUntilNext({ db }: TestWorker): Promise<number> {
    const [row] = await db.orm.execute<{ ms: string }>(
      "select extract(epoch from next_attempt_at - now()) * 1000 as ms from notifications where channel = 'webhook'",
    );
    return Number(row?.ms);
  }

  test.each([
    { status: 503, header: '3600', pause: 5_000, seconds: 3_600 },
    { status: 429, header: '3600', pause: 5_000, seconds: 3_600 },
    { status: 503, header: new Date(Date.now() + 3_600_000).toUTCString(), pause: 5_000, seconds: 3_600 },
    { status: 503, header: '2', pause: 600_000, seconds: 600 },
    { status: 503, header: '999999', pause: 5_000, seconds: 86_400 },
    { status: 503, header: 'soon', pause: 600_000, seconds: 600 },
    { status: 500, header: '3600', pause: 600_000, seconds: 600 },
  ])(
    'after $status with Retry-After: $header, where $pause ms come next, $seconds s pass',
    async ({ status, header, pause, seconds }) => {
      const listener = await webhookListener();
      listener.answer((response) => response.writeHead(status, { 'retry-after': header }).end());
      const { worker } = await setup({ webhook: listener.url, policy: { notifyPauses: [pause] } });

      await worker.runJobs();

      expect(listener.received).toHaveLength(1);
      const ms = await msUntilNext(worker);
      expect(ms).toBeGreaterThan(seconds * 1_000 - 60_000);
      expect(ms).toBeLessThanOrEqual(seconds * 1_000);
      const [job] = await worker.db.orm.execute<{ ms: string }>(
        "select extract(epoch from available_at - now()) * 1000 as ms from outbox where job = 'notify'",
      );
      expect(Number(job?.ms)).toBeCloseTo(ms, -3);
    },
  );

  test('a Retry-After brings no attempt beyond the last one', async () => {
    const listener = await webhookListener();
    listener.answer((response) => response.writeHead(503, { 'retry-after': '60' }).end());
    const { worker } = await setup({ webhook: listener.url, policy: { notifyPauses: [] } });

    await deliverAll(worker);

    expect(await notificationsOf(worker, 'webhook')).toMatchObject([{ state: 'failed', attempts: 1 }]);
  });

  test('a webhook that hangs is given up after the timeout, and fails after the last attempt', async () => {
    const listener = await webhookListener();
    listener.answer(() => {});
    const { worker } = await setup({ webhook: listener.url, policy: { notifyTimeout: 100, notifyPauses: [1] } });

    await deliverAll(worker);

    expect(await notificationsOf(worker, 'webhook')).toMatchObject([
      { state: 'failed', attempts: 2, last_error: 'The webhook cannot be reached: No answer within 0.1 s.' },
    ]);
  });

  test('a redirect is not followed', async () => {
    const listener = await webhookListener();
    listener.answer((response) => response.writeHead(302, { location: '/elsewhere' }).end());
    const { worker } = await setup({ webhook: listener.url, policy: { notifyPauses: [] } });

    await deliverAll(worker);

    expect(listener.received.map(({ path }) => path)).toEqual(['/hook']);
    expect(await notificationsOf(worker, 'webhook')).toMatchObject([
      { state: 'failed', last_error: 'The webhook answered 302. Redirects are not followed.' },
    ]);
  });

  test.each([
    ['by its address', (url: string) => url],
    ['by a name', (url: string) => url.replace('127.0.0.1', 'localhost')],
    ['as IPv6', (url: string) => url.replace('127.0.0.1', '[::ffff:127.0.0.1]')],
    ['as a number', (url: string) => url.replace('127.0.0.1', '2130706433')],
  ])('a private address, given %s, is not called unless it is listed', async (_how, disguise) => {
    const listener = await webhookListener();
    const { worker } = await setup({
      webhook: disguise(listener.url),
      settings: { WEBHOOK_ALLOWED_ADDRESSES: ['10.0.0.0/8'] },
    });

    await deliverAll(worker);

    expect(listener.received).toEqual([]);
    expect(await notificationsOf(worker, 'webhook')).toMatchObject([
      { state: 'failed', attempts: 1, last_error: 'The webhook leads to an address that may not be called.' },
    ]);
  });

  test('a private address is called where a listed range has it', async () => {
    const listener = await webhookListener();
    const { worker } = await setup({
      webhook: listener.url,
      settings: { WEBHOOK_ALLOWED_ADDRESSES: ['127.0.0.0/8'] },
    });

    await deliverAll(worker);

    expect(listener.received).toHaveLength(1);
  });

  test('a webhook that was switched off meanwhile is not called', async () => {
    const listener = await webhookListener();
    const { worker } = await setup({ webhook: listener.url });
    await worker.db.orm.execute('update webhooks set enabled = false');

    await deliverAll(worker);

    expect(listener.received).toEqual([]);
    expect(await notificationsOf(worker, 'webhook')).toMatchObject([{ state: 'failed', attempts: 1 }]);
  });

  test('is not called for events that it does not want', async () => {
    const listener = await webhookListener();
    const { worker } = await setup({ webhook: listener.url });
    await deliverAll(worker);
    worker.advanceClock(8 * 24 * 60 * 60 * 1_000);
    await worker.sweep();
    await deliverAll(worker);

    expect(listener.received).toHaveLength(1);
    expect(await worker.inboxEvents()).toEqual(['download.ready', 'download.expired']);
  });
});

describe('notify of a failure', () => {
  /** A download that failed, with its notifications still to be delivered. */
  async function setupFailed(options: Parameters<typeof setupWorker>[0] = {}) {
    const mail = await mailServer();
    const listener = await webhookListener();
    const worker = await setupWorker({
      ...options,
      settings: { SMTP_URL: mail.url, WEBHOOK_ALLOWED_ADDRESSES: ['127.0.0.1'] },
    });
    await insertWebhook(worker.db.orm, {
      userId: worker.requester.id,
      url: listener.url,
      events: ['download.failed'],
      enabled: true,
      sealedSecret: worker.deps.sealers.webhook.seal(`whsec_${randomBytes(24).toString('base64')}`),
      createdAt: new Date(),
    });
    const lost = await worker.addAsset();
    const downloadId = await worker.request({
      assetIds: [lost.assetId],
      unavailable: 'fail',
      notify: { email: true, to: [] },
    });
    await worker.storage.blobs.remove(lost.blob.sha256);
    await worker.runJob((await worker.takeJobs())[0]!);
    const { state, error } = await worker.download(downloadId);
    expect(state).toBe('failed');
    return { worker, mail, listener, downloadId, error };
  }

  test('email and webhook say why, in the words that the download keeps', async () => {
    const { worker, mail, listener, error } = await setupFailed();

    await deliverAll(worker);

    expect(error?.message).toBeTruthy();
    expect(mail.messages.map(({ text }) => text)).toEqual([expect.stringContaining(error!.message)]);
    const payloads = listener.received.map(({ body }) => JSON.parse(body));
    expect(payloads).toMatchObject([{ type: 'download.failed', data: { download: { state: 'failed', error } } }]);
  });

  test.each([
    ['and has not ended yet', async () => {}],
    [
      'and failed again',
      async (worker: TestWorker, downloadId: string) => {
        await worker.runJob({ job: 'gather', payload: { downloadId, epoch: 2 } });
        expect((await worker.download(downloadId)).state).toBe('failed');
      },
    ],
  ])(
    'nobody is told by email or webhook of the first failure of a download that was retried %s',
    async (_how, goOn) => {
      const { worker, mail, listener, downloadId } = await setupFailed();
      const first = await worker.takeJobs();
      await worker.restart(downloadId);
      await goOn(worker, downloadId);

      for (const job of first) await worker.runJob(job);

      expect(mail.messages).toEqual([]);
      expect(listener.received).toEqual([]);
      const settled = await worker.db.orm.execute(
        "select channel, state, last_error from notifications where epoch = 1 and channel <> 'inbox' order by channel",
      );
      const outdated = { state: 'failed', last_error: 'The download was taken up again.' };
      expect([...settled]).toEqual([
        { channel: 'email', ...outdated },
        { channel: 'webhook', ...outdated },
      ]);
    },
  );
});

describe('notify', () => {
  test('puts the notice into the inbox, without a link that would be kept in clear', async () => {
    const { worker, downloadId } = await setup();

    await deliverAll(worker);

    const [item] = await worker.db.orm.execute<{ title: string; body: string }>('select title, body from inbox_items');
    expect(item?.title).toBe('“Spring campaign” is ready');
    const body = typeof item?.body === 'string' ? JSON.parse(item.body) : item?.body;
    expect(body).toMatchObject({ type: 'download.ready', data: { download: { id: downloadId, state: 'ready' } } });
    expect(body.data.download.bundle.parts[0].url).toBeNull();
  });

  test('delivers once, however often its job runs, and also side by side', async () => {
    const listener = await webhookListener();
    const { worker } = await setup({ webhook: listener.url });
    const jobs = await worker.takeJobs();

    await Promise.all([...jobs, ...jobs].map((job) => worker.runJob(job)));
    for (const job of jobs) await worker.runJob(job);

    expect(listener.received).toHaveLength(1);
    const [row] = await worker.db.orm.execute('select count(*)::int as items from inbox_items');
    expect(row).toEqual({ items: 1 });
  });

  test('leaves an attempt that may still be under way alone', async () => {
    const listener = await webhookListener();
    const { worker } = await setup({ webhook: listener.url });
    await worker.db.orm.execute("update notifications set next_attempt_at = now() + interval '1 minute'");

    await worker.runJobs();

    expect(listener.received).toEqual([]);
  });
});
