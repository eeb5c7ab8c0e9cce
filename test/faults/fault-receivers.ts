import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startMailServer } from '../harness/mail-server.ts';
import { startWebhookListener } from '../harness/webhook-listener.ts';
import type { Fault } from './fault.ts';
import { openGate, type Passage } from './gate.ts';
import { requestDownloads, smallRequest } from './load.ts';
import { hurryNotifications, reconcile } from './reconcile.ts';
import type { Requester } from './requester.ts';
import { until } from './until.ts';

const label = 'receivers';
const module = fileURLToPath(new URL('./worker-program.ts', import.meta.url));
/** Impatient, and with more attempts than the receivers are unwilling. */
const policy = JSON.stringify({ notifyTimeout: 400, notifyPauses: Array.from({ length: 60 }, () => 100) });
const colleagues = ['dora@example.com', 'emil@example.com'];
/** Inbox, one webhook, and an email to the requester and each colleague. */
const emailsEach = 1 + colleagues.length;
const notificationsEach = 2 + emailsEach;

/** Mail server and webhook refuse, hang, break off, answer 500 or lead elsewhere, and the worker dies meanwhile. */
export const receivers: Fault = {
  name: label,
  done: 'mail server and webhook refuse, hang, break off, answer 451, 500 or 302; the notifying worker killed',
  queues: ['postgres', 'redis'],
  async run(scene) {
    const { stage, random, long } = scene;
    const mail = await startMailServer();
    const hook = await startWebhookListener();
    const chosen: Record<string, number> = { refuse: 0, hang: 0, cut: 0 };
    const choose = (): Passage => {
      const passage = random.pick<Passage>([
        'open',
        'open',
        'open',
        'refuse',
        'hang',
        { cut: random.integer(1, 6_000) },
      ]);
      if (passage !== 'open') chosen[typeof passage === 'string' ? passage : 'cut']! += 1;
      return passage;
    };
    const mailGate = await openGate(Number(new URL(mail.url).port), choose);
    const hookGate = await openGate(Number(new URL(hook.url).port), choose);
    hook.answer(
      ...Array.from({ length: 2_000 }, () => {
        const status = random.pick([204, 204, 500, 302]);
        return (response: ServerResponse) =>
          void response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
      }),
      (response) => void response.writeHead(204).end(),
    );
    for (const requester of stage.requesters) await addWebhook(requester, `http://127.0.0.1:${hookGate.port}/hook`);

    const start = () =>
      stage.startWorker({ SMTP_URL: `smtp://127.0.0.1:${mailGate.port}`, POLICY: policy }, { module });
    let worker = await start();
    const count = long ? 200 : 4;
    const load = requestDownloads(stage, random, {
      label,
      count,
      body: (...given) => ({ ...smallRequest(...given), notify: { email: true, to: colleagues } }),
    });
    const kills = long ? 20 : 1;
    for (let kill = 0; kill < kills; kill += 1) {
      mail.refuse(random.integer(0, 3));
      await pause(random.integer(500, 1_500));
      await worker.kill();
      await until(() => hurryNotifications(stage, { silentSeconds: 0 }).then(() => true), { withinMs: 10_000 });
      worker = await start();
    }
    const { counts, broken } = await reconcile(stage, await load, { label, withinMs: 240_000, silentSeconds: 10 });
    await worker.terminate();
    await Promise.all([mailGate.close(), hookGate.close(), mail.close(), hook.close()]);
    await stage.db.orm.execute('update webhooks set deleted_at = now()');

    const told = await stage.db.orm.execute<{ id: string; channel: string; state: string }>(
      `select n.id, n.channel, n.state from notifications n join downloads d on d.id = n.download_id
        where d.name like '${label}-%'`,
    );
    const delivered = told.filter(({ state }) => state === 'delivered').length;
    const idsOf = (channel: string) => told.filter((row) => row.channel === channel).map(({ id }) => id);
    const isOurs = (ids: string[]) => (text: unknown) => ids.some((id) => String(text).includes(id));
    const mails = mail.messages.map(({ messageId }) => messageId).filter(isOurs(idsOf('email')));
    const hooked = hook.received.map(({ headers }) => headers['webhook-id']).filter(isOurs(idsOf('webhook')));
    const emails = new Set(mails).size;
    const hooks = new Set(hooked).size;
    for (const [what, number, due] of [
      ['notifications', told.length, count * notificationsEach],
      ['delivered notifications', delivered, count * notificationsEach],
      ['messages', emails, count * emailsEach],
      ['webhook messages', hooks, count],
    ] as const) {
      if (number !== due) broken.push(`${number} ${what} instead of ${due}`);
    }
    const mailsTwice = mails.length - emails;
    // Whoever took one and could not say so any more is sent it again.
    if (mailsTwice > kills + chosen.cut!) broken.push(`${mailsTwice} messages came again`);
    return {
      counts: { ...counts, kills, ...chosen, notifications: told.length, delivered, messagesTwice: mailsTwice },
      broken,
    };
  },
};

async function addWebhook(requester: Requester, url: string): Promise<void> {
  const added = await until(
    async () => {
      const response = await requester.call('/api/v1/webhooks', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `webhook-${url}` },
        body: JSON.stringify({ url, events: ['download.ready'] }),
      });
      return response.status === 201;
    },
    // An api whose database has just been away may have to be asked twice.
    { withinMs: 10_000, everyMs: 250 },
  );
  if (!added) throw new Error('No webhook could be added.');
}
