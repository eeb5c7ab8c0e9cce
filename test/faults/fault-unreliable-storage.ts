import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Fault } from './fault.ts';
import { requestDownloads, smallRequest } from './load.ts';
import { createReader } from './reader.ts';
import { reconcile } from './reconcile.ts';
import type { Unreliable } from './unreliable-storage.ts';

const label = 'unreliable-storage';
const module = fileURLToPath(new URL('./worker-program.ts', import.meta.url));

/** The storage stalls, breaks off, ends early or gives wrong bytes; what comes of it is said, and no archive is wrong. */
export const storageUnreliable: Fault = {
  name: label,
  done: 'of a hundred reads of stored files five stall, break off, end early or give a wrong byte',
  queues: ['postgres', 'redis'],
  async run({ stage, random, long }) {
    const kinds: Unreliable['kinds'] = ['stalls', 'breaks', 'ends', 'lies'];
    const unreliable: Unreliable = { seed: random.integer(0, 2 ** 30), percent: 5, kinds };
    const env = {
      UNRELIABLE: JSON.stringify(unreliable),
      POLICY: JSON.stringify({ stepBackOff: 200 }),
      STORAGE_STALL_SECONDS: '1',
    };
    const start = () => stage.startWorker(env, { module });
    const workers = await Promise.all([start(), start()]);
    const reader = createReader(stage);
    // What is marked is not damaged: it is as good as before once somebody has read it again.
    const release = () => stage.db.orm.execute('update blobs set fault = null where fault is not null');
    // Of three hundred downloads the first hundred would have every file set aside.
    const releasing = new AbortController();
    const released = long ? releaseUntil(releasing.signal, release) : null;
    const accepted = await requestDownloads(stage, random, {
      label,
      count: long ? 300 : 16,
      body: (...given) => ({ ...smallRequest(...given), unavailable: 'skip' }),
      onAccepted: (id) => reader.follow(id),
      mostOpen: 8,
    }).finally(() => releasing.abort());
    await released;
    const { counts, broken } = await reconcile(stage, accepted, {
      label,
      withinMs: 120_000,
      // Nothing of it could be had just then.
      mayFailWith: ['blob.corrupt', 'download.empty'],
    });
    const read = await reader.end();
    await Promise.all(workers.map((worker) => worker.terminate()));
    const [excluded] = await stage.db.orm.execute<{ n: number }>(
      `select count(*)::int as n from download_items i join downloads d on d.id = i.download_id
        where d.name like '${label}-%' and i.reason = 'blob.corrupt'`,
    );
    await release();
    return {
      counts: { ...counts, leftOutAsCorrupt: excluded!.n, archivesRead: read.archives },
      broken: [...broken, ...read.broken],
    };
  },
};

async function releaseUntil(signal: AbortSignal, release: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    await release();
    await pause(100);
  }
}
