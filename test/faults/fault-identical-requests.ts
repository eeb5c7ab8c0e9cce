import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { Fault } from './fault.ts';
import { requestDownloads } from './load.ts';
import { reconcile } from './reconcile.ts';

/** Everybody wants the same files at the same moment. */
export const identicalRequests: Fault = {
  name: 'identical-requests',
  done: 'parallel requests for the same files',
  queues: ['postgres', 'redis'],
  async run({ stage, random, long }) {
    const workers = await Promise.all([stage.startWorker(), stage.startWorker()]);
    const count = long ? 200 : 50;
    const label = 'identical-requests';
    const same: Partial<DownloadRequestJson> = { format: 'zip', assetIds: random.sample(stage.assets.small, 4) };
    const accepted = await requestDownloads(stage, random, { label, count, clients: count, body: () => same });
    const { counts, broken } = await reconcile(stage, accepted, { label, withinMs: 120_000 });
    const [found] = await stage.db.orm.execute<{ bundles: number; links: number; requested: number; ready: number }>(
      `with ours as (select id from downloads where name like '${label}-%') select
        (select count(distinct bundle_id)::int from bundle_parts where download_id in (select id from ours)) as bundles,
        (select count(distinct token_hash)::int from links where download_id in (select id from ours)) as links,
        (select count(*)::int from audit_events where action = 'download.requested' and download_id in (select id from ours)) as requested,
        (select count(*)::int from audit_events where action = 'download.ready' and download_id in (select id from ours)) as ready`,
    );
    const { bundles, links, requested, ready } = found!;
    if (bundles !== 1) broken.push(`${bundles} bundles instead of one`);
    for (const [what, number] of Object.entries({ links, requested, ready })) {
      if (number !== count) broken.push(`${number} instead of ${count}: ${what}`);
    }
    await Promise.all(workers.map((worker) => worker.terminate()));
    return { counts: { ...counts, bundles, links, auditEvents: requested + ready }, broken };
  },
};
