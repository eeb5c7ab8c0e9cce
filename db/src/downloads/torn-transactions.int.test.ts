import { decideDownload } from '@sheaf/domain/decide-download';
import { aRequest } from '@sheaf/domain/testing/decision-facts';
import { sql } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { createDatabase, type Database, type Executor } from '../database.ts';
import { claimNotification } from '../notifications/claim-notification.ts';
import { settleWebhookCall } from '../notifications/settle-webhook-call.ts';
import { sha256Of } from '../testing/catalogue-setup.ts';
import { newDownload } from '../testing/new-download.ts';
import { setupRequester } from '../testing/requester-setup.ts';
import { insertWebhook } from '../webhooks/insert-webhook.ts';
import { cancelDownload } from './cancel-download.ts';
import { type Claim, claimDownload, type DownloadStep } from './claim-download.ts';
import { endDownload } from './end-download.ts';
import { expireDownloads } from './expire-downloads.ts';
import { freezeItems } from './freeze-items.ts';
import { handBackDownload } from './hand-back-download.ts';
import { insertDownload } from './insert-download.ts';
import { loadDecisionFacts } from './load-decision-facts.ts';
import { lockDownload } from './lock-download.ts';
import { publishDownload } from './publish-download.ts';
import { recoverLostClaims } from './recover-lost-claims.ts';
import { refuseDownload } from './refuse-download.ts';
import { restartDownload } from './restart-download.ts';

type Work = (tx: Executor) => Promise<unknown>;

const now = new Date('2026-03-04T05:06:07Z');
const error = { code: 'storage.full', message: 'There is no space left in the storage.' };

/** A requester who is told in every way there is, an asset with a licence, and a request for both. */
async function setup() {
  const { url, db, addAsset, addLicence, actor } = await setupRequester();
  // Connections that nobody ends.
  const observer = createDatabase(url, { maxConnections: 1 });
  onTestFinished(() => observer.close());
  await insertWebhook(db.orm, {
    userId: actor.id,
    url: 'https://example.com/hook',
    events: ['download.ready', 'download.failed', 'download.cancelled', 'download.expired'],
    enabled: true,
    sealedSecret: Buffer.from('sealed'),
    createdAt: now,
  });
  const licence = await addLicence('Press');
  const assets = [await addAsset('boat.jpg', { licenceId: licence.licenceId }), await addAsset('sea.jpg')];
  const request = aRequest({
    assetIds: assets.map(({ assetId }) => assetId),
    acceptLicences: [licence],
    notify: { email: true, to: ['b@example.com'] },
  });
  const decision = decideDownload(await loadDecisionFacts(db.orm, { request, actor, now }));
  expect(decision).toMatchObject({ verdict: 'allowed', counts: { included: 2 } });

  const insert = (tx: Executor) => insertDownload(tx, newDownload({ requesterId: actor.id, request, decision, now }));
  async function claim(downloadId: string, step: DownloadStep): Promise<Claim> {
    const claimed = await claimDownload(db.orm, { downloadId, step, workerId: 'w', leaseSeconds: 600 });
    if (claimed === null) throw new Error('It is not to be claimed.');
    return claimed;
  }
  async function gathering() {
    return claim(await db.transaction(insert), 'gather');
  }
  async function packing() {
    const gathered = await gathering();
    expect(await db.transaction((tx) => freezeItems(tx, gathered, decision))).toBe(true);
    return claim(gathered.downloadId, 'pack');
  }
  const publish = (tx: Executor, packed: Claim) =>
    publishDownload(tx, {
      ...packed,
      parts: [1, 2].map((number) => ({
        number,
        objectKey: `bundles/${number}.zip`,
        fileName: `${number}.zip`,
        mediaType: 'application/zip',
        size: 1,
        etag: `"${number}"`,
        entries: 1,
      })),
      link: { tokenHash: Buffer.from(sha256Of('token'), 'hex'), sealedToken: Buffer.from('sealed') },
      expiresAt: now,
      now,
    });
  async function ready() {
    const packed = await packing();
    expect(await db.transaction((tx) => publish(tx, packed))).toBe(true);
    return packed;
  }
  return { db, observer, decision, insert, gathering, packing, publish, ready };
}

type Setup = Awaited<ReturnType<typeof setup>>;

/** Brings a download to where the transaction begins, and returns the transaction. */
const transactions: Record<string, (test: Setup) => Promise<Work>> = {
  'accepting a request': async ({ insert }) => insert,
  async 'freezing what is packed'({ gathering, decision }) {
    const claim = await gathering();
    return (tx) => freezeItems(tx, claim, decision);
  },
  async publishing({ packing, publish }) {
    const claim = await packing();
    return (tx) => publish(tx, claim);
  },
  async failing({ packing }) {
    const claim = await packing();
    return (tx) => endDownload(tx, { ...claim, state: 'failed', error, now });
  },
  async refusing({ gathering, decision }) {
    const claim = await gathering();
    return (tx) => refuseDownload(tx, { ...claim, decision, error, now });
  },
  async 'handing back'({ packing }) {
    const claim = await packing();
    return (tx) => handBackDownload(tx, { ...claim, next: 'gather', failed: true, delayMs: 1 });
  },
  async cancelling({ db, insert }) {
    const downloadId = await db.transaction(insert);
    return async (tx) => {
      const locked = await lockDownload(tx, { downloadId, requesterId: null });
      return cancelDownload(tx, locked!, now);
    };
  },
  async retrying({ db, gathering, decision }) {
    const { downloadId, epoch } = await gathering();
    await db.transaction((tx) => endDownload(tx, { downloadId, epoch, state: 'failed', error, now }));
    return async (tx) => {
      const locked = await lockDownload(tx, { downloadId, requesterId: null });
      return restartDownload(tx, locked!, decision, new Date());
    };
  },
  async expiring({ ready }) {
    await ready();
    return (tx) => expireDownloads(tx, { now: new Date(now.getTime() + 1), limit: 10 });
  },
  async 'taking up what a lost worker had'({ db, gathering }) {
    await gathering();
    await db.orm.execute(sql`update downloads set lease_until = now() - interval '1 second', crashes = 2`);
    return (tx) => recoverLostClaims(tx, { now, limit: 10 });
  },
  async 'switching off a webhook that is gone'({ db, ready }) {
    await ready();
    const [row] = await db.orm.execute<{ id: string }>(sql`select id from notifications where channel = 'webhook'`);
    const claimed = await claimNotification(db.orm, { notificationId: row!.id, leaseSeconds: 600 });
    const result = { ok: false, status: 410, error: 'It is gone.', retryInMs: null } as const;
    const call = { webhookId: claimed!.webhookId!, url: 'https://example.com/hook', ok: false, gone: true };
    return (tx) => settleWebhookCall(tx, claimed!, result, call, { durationMs: 1, failingMostMs: 1, now });
  },
};

/** Calls `before` ahead of every statement of a transaction. Drizzle sends all of them through its session. */
function intercept(tx: Executor, before: () => Promise<void>): void {
  type Prepared = { execute(...values: unknown[]): Promise<unknown> };
  const { session } = tx as unknown as { session: { prepareQuery(...query: unknown[]): Prepared } };
  const prepareQuery = session.prepareQuery.bind(session);
  session.prepareQuery = (...query) => {
    const prepared = prepareQuery(...query);
    const execute = prepared.execute.bind(prepared);
    prepared.execute = async (...values) => {
      await before();
      return execute(...values);
    };
    return prepared;
  };
}

interface Run {
  /** Statements that were begun, without commit. */
  statements: number;
  /** Whether the backend was ended. */
  ended: boolean;
  committed: boolean;
}

/** Runs a transaction whose backend is ended before its statement of that number, from 1; the last one is the commit. */
async function runUntil(db: Database, observer: Database, dies: number, work: Work): Promise<Run> {
  const run: Run = { statements: 0, ended: false, committed: false };
  let begun = false;
  // The pool may hand out the connection that died last, once more: then the transaction does not begin at all.
  while (!begun) {
    const transaction = db.transaction(async (tx) => {
      const [backend] = await tx.execute(sql`select pg_backend_pid() as pid`);
      begun = true;
      const endBefore = async (statement: number) => {
        if (statement !== dies) return;
        run.ended = true;
        await observer.orm.execute(sql`select pg_terminate_backend(${backend?.pid}::int, 5000)`);
      };
      intercept(tx, async () => {
        run.statements += 1;
        await endBefore(run.statements);
      });
      await work(tx);
      await endBefore(run.statements + 1);
    });
    run.committed = await transaction.then(
      () => true,
      () => false,
    );
  }
  return run;
}

/** All rows of all tables. */
async function contents({ orm }: Database): Promise<unknown> {
  const [row] = await orm.execute(sql`select database_to_xml(true, false, '')::text as content`);
  return row?.content;
}

test.each(Object.entries(transactions))(
  '%s is all or nothing, before whichever of its statements the connection dies',
  async (_name, arrange) => {
    const begun = await setup();
    const { db, observer } = begun;
    const work = await arrange(begun);
    const before = await contents(observer);

    let dies = 1;
    let run = await runUntil(db, observer, dies, work);
    while (run.ended) {
      expect({ dies, committed: run.committed }).toEqual({ dies, committed: false });
      expect(await contents(observer)).toEqual(before);
      dies += 1;
      run = await runUntil(db, observer, dies, work);
    }

    expect(run.committed).toBe(true);
    expect(run.statements).toBeGreaterThan(1);
    // Each of its statements, and the commit.
    expect(dies).toBe(run.statements + 2);
    expect(await contents(observer)).not.toEqual(before);
  },
);
