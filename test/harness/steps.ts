import { createCadence } from '@sheaf/worker/cadence';
import { gather } from '@sheaf/worker/jobs/gather';
import { pack } from '@sheaf/worker/jobs/pack';
import { sweep } from '@sheaf/worker/jobs/sweep';
import type { WorkerDeps } from '@sheaf/worker/worker-deps';
import { defaultPolicy } from '@sheaf/worker/worker-policy';
import { onTestFinished } from 'vitest';
import type { TestApiOptions } from './api.ts';
import { setupDownloads } from './downloads.ts';

/** Stands for a picture: nothing looks at its pixels. */
const rendered = { bytes: Buffer.from('rendered'), width: 5, height: 5, mediaType: 'image/jpeg' };

/** The API with a catalogue to fill, and a worker whose steps a test takes one by one. Gone when the test has finished. */
export async function setupSteps(options: TestApiOptions = {}) {
  const api = await setupDownloads(options);
  onTestFinished(api.close);
  const deps: WorkerDeps = {
    ...api.deps,
    policy: defaultPolicy,
    cadence: createCadence(),
    mailer: null,
    renderer: { render: async () => rendered },
    publicUrl: '',
    workerId: 'worker-under-test',
  };
  const never = new AbortController().signal;
  return {
    ...api,
    workerDeps: deps,
    takeStep: {
      gather: (downloadId: string) => gather({ downloadId, epoch: 0 }, deps, never),
      pack: (downloadId: string) => pack({ downloadId, epoch: 0 }, deps, never),
    },
    /** Ends and removes what is over, all of what a worker does now and then. */
    tidyUp: () => sweep({}, { ...deps, cadence: createCadence() }, never),
  };
}

export type TestSteps = Awaited<ReturnType<typeof setupSteps>>;
