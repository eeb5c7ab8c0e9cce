import { createDatabase } from '@sheaf/db/database';
import { outbox } from '@sheaf/db/schema/jobs';
import { notifications } from '@sheaf/db/schema/notifications';
import { heartbeatWorker } from '@sheaf/db/workers/heartbeat-worker';
import { expect, onTestFinished, test } from 'vitest';
import { setupDownloads } from '../../../../../test/harness/downloads.ts';
import type { App } from '../../api-deps.ts';
import { buildApp } from '../../build-app.ts';

async function setup() {
  const api = await setupDownloads();
  onTestFinished(api.close);
  return { ...api, asset: await api.addAsset() };
}

const sample = /^([a-z_]\w*(?:\{(?:\w+="[^"\\\n]*",?)*\})?) (-?\d[\d.e+-]*|[+-]Inf|Nan|NaN)$/i;

/** The samples of a scrape, `name{labels}` to value; throws for a line that is neither a sample nor a comment. */
async function scrape(app: App) {
  const answer = await app.inject('/metrics');
  const samples = new Map<string, number>();
  for (const line of answer.body.split('\n')) {
    if (line === '' || /^# (HELP|TYPE) \w+ .+$/.test(line)) continue;
    const [, series, value] = sample.exec(line) ?? [];
    if (series === undefined || samples.has(series)) throw new Error(`No sample: ${line}`);
    samples.set(series, Number(value));
  }
  return { answer, samples, names: [...samples.keys()] };
}

test('a scrape has the metrics of the process, of the requests and of the tables, without any sign-in', async () => {
  const { app } = await setup();
  const { answer, samples } = await scrape(app);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(0);
  expect(answer.body).toContain('# TYPE sheaf_http_request_duration_seconds histogram');
  expect(answer.body).toContain('# TYPE sheaf_downloads gauge');
});

test('requests are counted by the pattern of their route: no token, id or unknown address appears', async () => {
  const { app, asset, request, publish, get } = await setup();
  const downloadId = await request([asset.assetId]);
  const { token } = await publish(downloadId);
  await app.inject(`/d/${token}`);
  await app.inject(`/d/${token}/7`);
  await app.inject('/d/not-a-token');
  await app.inject(`/nothing/${token}`);
  await get(`/downloads/${downloadId}?x=${token}`);

  const { answer, samples } = await scrape(app);

  expect(samples.get('sheaf_http_requests_total{method="GET",route="/d/:token",status="200"}')).toBe(1);
  expect(samples.get('sheaf_http_requests_total{method="GET",route="/d/:token",status="404"}')).toBe(1);
  expect(samples.get('sheaf_http_requests_total{method="GET",route="/d/:token/:part",status="404"}')).toBe(1);
  expect(samples.get('sheaf_http_requests_total{method="GET",route="unmatched",status="404"}')).toBe(1);
  expect(samples.get('sheaf_http_request_duration_seconds_count{method="GET",route="/d/:token"}')).toBe(2);
  expect(answer.body).toContain('route="/api/v1/downloads/:id"');
  for (const secret of [token, downloadId, 'not-a-token', 'nothing']) expect(answer.body).not.toContain(secret);
});

test('gauges say what the tables hold now: downloads by state, outbox, notifications, workers', async () => {
  const { app, asset, request, publish, relay, db } = await setup();
  const body = { renditions: 'originals-and-static', notify: { email: true } };
  await publish(await request([asset.assetId], body));
  await request([asset.assetId], body);
  await relay();
  await request([asset.assetId], body);
  await request([asset.assetId], body);
  const worker = { id: 'w', host: 'h', pid: 1, version: '1', rssBytes: 1 };
  await heartbeatWorker(db.orm, worker);

  const { samples } = await scrape(app);

  const states = [...samples].filter(([name, count]) => name.startsWith('sheaf_downloads{') && count > 0);
  expect(Object.fromEntries(states)).toEqual({
    'sheaf_downloads{state="requested"}': 2,
    'sheaf_downloads{state="queued"}': 1,
    'sheaf_downloads{state="ready"}': 1,
  });
  expect(samples.get('sheaf_downloads{state="failed"}')).toBe(0);
  expect(samples.get('sheaf_outbox_rows')).toBe(await db.orm.$count(outbox));
  expect(samples.get('sheaf_outbox_rows')).toBeGreaterThan(0);
  expect(samples.get('sheaf_notifications_pending')).toBe(await db.orm.$count(notifications));
  expect(samples.get('sheaf_notifications_pending')).toBeGreaterThan(0);
  expect(samples.get('sheaf_workers_alive')).toBe(1);
});

test('without a database the scrape still has the process, and no counts that may be old', async () => {
  const { deps } = await setup();
  const db = createDatabase('postgres://127.0.0.1:1/nothing');
  onTestFinished(() => db.close());
  const app = await buildApp({ ...deps, db });
  onTestFinished(() => app.close());

  const { answer, names } = await scrape(app);

  expect(answer.statusCode).toBe(200);
  expect(names).toContain('process_resident_memory_bytes');
  expect(names.filter((name) => /^sheaf_(downloads|outbox|notifications|workers)/.test(name))).toEqual([]);
});

test('each application counts for itself', async () => {
  const { app, deps } = await setup();
  const other = await buildApp(deps);
  onTestFinished(() => other.close());
  await app.inject('/healthz');

  expect((await scrape(app)).answer.body).toContain('route="/healthz"');
  expect((await scrape(other)).answer.body).not.toContain('route="/healthz"');
});
