import { randomBytes } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { setupDownloads } from '../../../../test/harness/downloads.ts';
import { recordChecks } from './record-checks.ts';
import { repair } from './repair.ts';

function setMachineTo(now: string): void {
  vi.useFakeTimers({ now: new Date(now), toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Two downloads that are ready, and a doctor. */
async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  const { assetId } = await api.addAsset();
  const [first, second] = [await api.request([assetId]), await api.request([assetId])];
  const published = await api.publish(first, [randomBytes(300)]);
  await api.publish(second);
  const { db, storage } = api;
  const installation = { db, storage, running: null };
  return {
    ...api,
    first,
    second,
    objectKey: published.parts[0]!.objectKey,
    /** What does not hold, by the name of its check. */
    async faults(): Promise<Record<string, string>> {
      const faults: Record<string, string> = {};
      for (const { name, look } of recordChecks(installation)) {
        await look().catch((error: Error) => (faults[name] = error.message));
      }
      return faults;
    },
    /** What a check says where the service runs. */
    async running(wanted: string): Promise<string> {
      const checks = recordChecks({ ...installation, running: { url: 'http://localhost' } });
      return checks.find(({ name }) => name === wanted)!.look();
    },
    async repair(): Promise<string[]> {
      const lines: string[] = [];
      await repair(installation, (line) => lines.push(line), api.clock());
      return lines;
    },
    async store(key: string, { minutesOld }: { minutesOld: number }): Promise<void> {
      const writer = await storage.objects.create(key);
      writer.stream.write('left over');
      await writer.commit();
      const then = new Date(Date.now() - minutesOld * 60_000);
      await utimes(storage.objects.path(key)!, then, then);
    },
  };
}

test('a healthy installation has no fault, and a repair changes nothing but to ask for what the queue may have lost', async () => {
  const { faults, repair, relay } = await setup();
  await relay();

  expect(await faults()).toEqual({});
  // Four notifications, whose jobs this relay dropped.
  expect(await repair()).toEqual([expect.stringMatching(/^\d+ notifications asked for again$/)]);
  expect(await repair()).toEqual([]);
  expect(await faults()).toEqual({});
});

test('a ready download whose archive is gone is ended, so that its requester can ask for it again; others stay', async () => {
  const { db, storage, objectKey, first, second, faults, repair, sweep, get, post } = await setup();
  await storage.objects.remove(objectKey);
  expect(await faults()).toEqual({ objects: expect.stringContaining(`${first}  ${objectKey}`) });

  expect(await repair()).toContain('1 downloads ended whose archive is gone');
  await sweep();

  expect((await get(`/downloads/${first}`)).json()).toMatchObject({ state: 'expired' });
  expect((await get(`/downloads/${second}`)).json()).toMatchObject({ state: 'ready' });
  expect((await post(`/downloads/${first}/retry`, undefined)).statusCode).toBe(202);
  expect(await faults()).toEqual({});
  const audit = await db.orm.execute("select record from audit_events where action = 'installation.repaired'");
  expect(JSON.stringify(audit)).toContain('object.missing');
});

test('a ready download whose archive was found damaged is ended too, once it is known; one found whole again stays', async () => {
  const { db, objectKey, first, second, faults, repair, sweep, get, post } = await setup();
  const setFault = (fault: string) =>
    db.orm.execute(`update bundle_parts set fault = ${fault} where object_key = '${objectKey}'`);
  await setFault("'corrupt'");
  expect(await faults()).toEqual({ objects: expect.stringContaining(`found damaged  ${first}  ${objectKey}`) });
  await setFault('null');
  expect(await repair()).not.toContainEqual(expect.stringContaining('damaged'));

  await setFault("'corrupt'");
  expect(await repair()).toContain('1 downloads ended whose archive is damaged');
  await sweep();

  expect((await get(`/downloads/${first}`)).json()).toMatchObject({ state: 'expired' });
  expect((await get(`/downloads/${second}`)).json()).toMatchObject({ state: 'ready' });
  expect((await post(`/downloads/${first}/retry`, undefined)).statusCode).toBe(202);
  const [audited] = await db.orm.execute<{ record: string }>(
    "select record from audit_events where action = 'installation.repaired' and record::text like '%object%'",
  );
  expect(JSON.stringify(audited)).toContain('object.corrupt');
});

test('a repair goes by the time of the database, whatever the clock of its machine says', async () => {
  const { db, storage, objectKey, first } = await setup();
  await storage.objects.remove(objectKey);
  setMachineTo('2001-01-01T00:00:00Z');

  await repair({ db, storage }, () => {});

  const ended = await db.orm.execute('select id from downloads where abs(extract(epoch from expires_at - now())) < 60');
  expect([...ended]).toEqual([{ id: first }]);
});

test('nothing is ended or removed where no object is there: it is rather their disk that is away', async () => {
  const { storage, first, second, faults, repair, sweep, get, store } = await setup();
  await storage.objects.removeFolder('bundles');
  await store('bundles/0198c0de-0000-7000-8000-000000000001/1/1.zip', { minutesOld: 61 });

  const lines = await repair();
  await sweep();

  expect(lines).toContain('nothing for 2 of 2 objects that are missing: is their disk there?');
  expect(lines).toContain('nothing for 1 objects that are left over: this database knows none that are stored');
  for (const id of [first, second]) expect((await get(`/downloads/${id}`)).json()).toMatchObject({ state: 'ready' });
  expect(Object.keys(await faults())).toEqual(['objects']);
});

test('leases that nobody needs are freed, and who was not told is told, once', async () => {
  const { db, first, second, faults, repair } = await setup();
  await db.orm.execute(`update downloads set lease_until = now(), worker_id = 'gone' where id = '${first}'`);
  await db.orm.execute(`delete from notifications where download_id = '${second}'`);
  expect((await faults()).records).toMatch(/lease\.misplaced {2}.*\n.*notification\.missing {2}/);

  await repair();

  expect(await faults()).toEqual({});
  await repair();
  const told = await db.orm.execute(
    `select event, channel from notifications where download_id = '${second}' order by channel`,
  );
  expect(told).toEqual(expect.arrayContaining([{ event: 'download.ready', channel: 'inbox' }]));
  expect(new Set(told.map(({ channel }) => channel)).size).toBe(told.length);
});

test('what is stored for no download is removed; what was written just now, or is still needed, is not', async () => {
  const { storage, first, objectKey, faults, repair, store } = await setup();
  const stray = ['bundles/0198c0de-0000-7000-8000-000000000001/1/1.zip', `bundles/${first}/99/1.zip`, 'odd'];
  for (const key of stray) await store(key, { minutesOld: 61 });
  await store('bundles/0198c0de-0000-7000-8000-000000000001/2/1.zip', { minutesOld: 0 });
  const found = await faults();
  for (const key of stray) expect(found.objects).toContain(`needed by nothing  ${key}`);

  expect(await repair()).toContain('3 stored objects that nothing needs removed');

  const keys = (await Array.fromAsync(storage.objects.list())).map(({ key }) => key);
  expect(keys).toHaveLength(3);
  expect(keys).toContain(objectKey);
  expect(await faults()).toEqual({});
});

test('what nobody takes up is overdue; what rightly waits is told with its reason', async () => {
  const { db, addAsset, request, running, switchVisibility, relay } = await setup();
  const { assetId } = await addAsset();
  await relay();
  await db.orm.execute("update notifications set state = 'failed'");
  await request([assetId]);
  await relay();
  await request([assetId]);
  await db.orm.execute("update downloads set charged_at = now() - interval '1 hour', step_started_at = null");
  await db.orm.execute("update outbox set available_at = now() - interval '1 hour'");
  await db.orm.execute("insert into queue_settings (name, paused_at) values ('gather', now())");
  expect(await running('work')).toBe(`3 under way or waiting
                    1  job  while its queue is paused
                    2  download  while its queue is paused`);

  await db.orm.execute('delete from queue_settings');
  await switchVisibility({ runningPerRequester: 1 });

  setMachineTo('2001-01-01T00:00:00Z');
  await expect(running('work')).rejects.toThrow(/^1 found; .*\n +download {2}\S+ {2}queued, due \S+$/);
});

test('what only a person can judge is told and left as it is', async () => {
  const { db, first, faults, repair } = await setup();
  await db.orm.execute(`delete from download_items where download_id = '${first}'`);

  await repair();

  expect((await faults()).records).toContain(`items.incomplete  ${first}`);
});
