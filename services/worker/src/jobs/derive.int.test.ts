import { createHash } from 'node:crypto';
import { findAsset } from '@sheaf/db/catalogue/find-asset';
import { findBlob } from '@sheaf/db/catalogue/find-blob';
import { claimDerivative, type DerivativeClaim, releaseDerivative } from '@sheaf/db/presets/claim-derivative';
import { findDerivative } from '@sheaf/db/presets/find-derivative';
import { insertPreset } from '@sheaf/db/presets/insert-preset';
import { loadDynamicRenditions } from '@sheaf/db/presets/load-dynamic-renditions';
import { requestDerivative } from '@sheaf/db/presets/request-derivative';
import { setDerivativeReady } from '@sheaf/db/presets/settle-derivative';
import { updatePreset } from '@sheaf/db/presets/update-preset';
import { insertUser } from '@sheaf/db/users/insert-user';
import { AppError } from '@sheaf/domain/app-error';
import { completeParameters } from '@sheaf/domain/complete-parameters';
import type { ImageParameters } from '@sheaf/domain/image-parameters';
import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import { setupWorker, type WorkerSetup } from '../../../../test/harness/worker.ts';
import type { WorkerDeps } from '../worker-deps.ts';

type Renderer = WorkerDeps['renderer'];

const small = completeParameters({ width: 64, height: 48, format: 'png' });

function renderFailure(cause: string): AppError {
  return new AppError('render.failed', `It failed: ${cause}.`, { detail: { cause }, retryable: cause === 'crash' });
}

/** Fails as often as told, then gives these bytes. */
function scripted(failures: unknown[]): Renderer & { calls: number } {
  const renderer = {
    calls: 0,
    render: async () => {
      const failure = failures[renderer.calls++];
      if (failure !== undefined) throw failure;
      return { bytes: Buffer.from('rendered'), width: 64, height: 48, mediaType: 'image/png' };
    },
  };
  return renderer;
}

async function setup(options: WorkerSetup = {}) {
  const worker = await setupWorker(options);
  const { db, deps } = worker;
  const { assetId } = await worker.addPicture('teal.jpg');
  const asset = (await findAsset(db.orm, assetId))!;
  const original = asset.renditions[0]!.blob!;
  const entitled = await db.transaction((tx) =>
    insertUser(tx, {
      email: 'entitled@example.com',
      name: 'entitled',
      role: 'requester',
      dynamicRenditions: true,
      passwordHash: null,
    }),
  );
  return {
    ...worker,
    assetId,
    original,
    entitled,
    async ask(parameters: ImageParameters = small) {
      const wanted = { originalSha256: original.sha256, mediaType: 'image/jpeg', parameters };
      return (await requestDerivative(db, { ...wanted, requestedBy: null, now: deps.clock() })).id;
    },
    derivative: async (id: string) => (await findDerivative(db.orm, { id }, deps.clock()))!,
    async addPreset(name: string, parameters: ImageParameters) {
      const createdBy = worker.requester.id;
      const definitions = [{ name, title: name, parameters }];
      const preset = { kind: 'dynamic' as const, name, title: name, definitions, createdBy, createdAt: deps.clock() };
      const presetId = await insertPreset(db.orm, preset);
      await updatePreset(db.orm, presetId, { approved: true }, deps.clock());
      return presetId;
    },
    renditionIds: async () =>
      (await loadDynamicRenditions(db.orm, asset, deps.clock())).map((made) => made.rendition.id),
  };
}

describe('derive', () => {
  test('makes the picture once, and what is ready stays as it is', async () => {
    const { ask, derivative, runJob, runJobs, storage } = await setup();
    const id = await ask();
    await runJobs('derive');
    const made = await derivative(id);
    expect(made).toMatchObject({ state: 'ready', width: 64, height: 48, error: null });
    expect(await storage.blobs.stat(made.blob!.sha256)).toEqual({ size: made.blob!.size });
    await runJob({ job: 'derive', payload: { derivativeId: id } });
    expect(await derivative(id)).toEqual(made);
  });

  test('however often at the same time renders once', async () => {
    const renderer = scripted([]);
    const { ask, derivative, runJob } = await setup({ renderer });
    const id = await ask();
    const job = { job: 'derive', payload: { derivativeId: id } };
    await Promise.all([runJob(job), runJob(job), runJob(job)]);
    expect(await derivative(id)).toMatchObject({ state: 'ready', width: 64 });
    expect(renderer.calls).toBe(1);
  });

  test('waits while another renderer has the picture, and makes it once that gives it back', async () => {
    const renderer = scripted([]);
    const { ask, derivative, runJob, db } = await setup({ renderer });
    const id = await ask();
    const claim = await claimDerivative(db.orm, { derivativeId: id, seconds: 600 });
    const making = runJob({ job: 'derive', payload: { derivativeId: id } });
    expect(await claimDerivative(db.orm, { derivativeId: id, seconds: 600 })).toBe('held');
    expect(renderer.calls).toBe(0);
    await releaseDerivative(db.orm, claim as DerivativeClaim);
    await making;
    expect(await derivative(id)).toMatchObject({ state: 'ready' });
    expect(await claimDerivative(db.orm, { derivativeId: id, seconds: 600 })).toBe('settled');
  });

  test('takes over from a renderer that died', async () => {
    const renderer = scripted([]);
    const { ask, derivative, runJob, db } = await setup({ renderer });
    const id = await ask();
    const lost = (await claimDerivative(db.orm, { derivativeId: id, seconds: 0.5 })) as DerivativeClaim;
    await runJob({ job: 'derive', payload: { derivativeId: id } });
    expect(Date.now()).toBeGreaterThanOrEqual(lost.until.getTime() - 50);
    expect([(await derivative(id)).state, renderer.calls]).toEqual(['ready', 1]);
  });

  test('that comes too late records no file beside the one that is there', async () => {
    const { ask, derivative, runJob, db, deps, original, storage } = await setup({ renderer: scripted([]) });
    const id = await ask();
    deps.renderer = {
      render: async () => {
        const quicker = { sha256: original.sha256, width: 1, height: 1, now: deps.clock() };
        await setDerivativeReady(db.orm, id, quicker);
        return { bytes: Buffer.from('late'), width: 64, height: 48, mediaType: 'image/png' };
      },
    };
    await runJob({ job: 'derive', payload: { derivativeId: id } });
    expect((await derivative(id)).blob?.sha256).toBe(original.sha256);
    const late = createHash('sha256').update('late').digest('hex');
    expect([await findBlob(db.orm, late), await storage.blobs.stat(late)]).toEqual([null, null]);
  });

  test('of one that was forgotten does nothing', async () => {
    const { runJob } = await setup();
    const payload = { derivativeId: '0197f3a0-0000-7000-8000-0000000000ff' };
    await expect(runJob({ job: 'derive', payload })).resolves.toBeUndefined();
  });

  test.each(['memory', 'time', 'unreadable', 'size'])(
    'that fails for %s has failed, with the reason',
    async (cause) => {
      const renderer = scripted([renderFailure(cause)]);
      const { ask, derivative, runJobs } = await setup({ renderer });
      const id = await ask();
      await runJobs('derive');
      expect(await derivative(id)).toMatchObject({ state: 'failed', error: `It failed: ${cause}.` });
      expect(renderer.calls).toBe(1);
    },
  );

  test('whose process ended without a word is tried once more', async () => {
    const renderer = scripted([renderFailure('crash')]);
    const { ask, derivative, runJobs } = await setup({ renderer });
    const id = await ask();
    await runJobs('derive');
    expect(await derivative(id)).toMatchObject({ state: 'ready' });
  });

  test('whose process ends each time has failed: it is not tried for ever', async () => {
    const renderer = scripted([renderFailure('crash'), renderFailure('crash')]);
    const { ask, derivative, runJobs } = await setup({ renderer });
    const id = await ask();
    await runJobs('derive');
    expect(await derivative(id)).toMatchObject({ state: 'failed' });
    expect(renderer.calls).toBe(2);
  });

  test('that fails for a reason that passes stays pending, for the queue to try again', async () => {
    const away = new AppError('service.unavailable', 'The renderer is closed.', { retryable: true });
    const { ask, derivative, runJob } = await setup({ renderer: scripted([away]) });
    const id = await ask();
    const job = { job: 'derive', payload: { derivativeId: id } };
    await expect(runJob(job)).rejects.toBe(away);
    expect(await derivative(id)).toMatchObject({ state: 'pending' });
    await runJob(job);
    expect(await derivative(id)).toMatchObject({ state: 'ready' });
  });

  test('that is aborted stays pending', async () => {
    const { ask, derivative, runJob } = await setup();
    const id = await ask();
    const reason = new Error('stopping');
    const job = { job: 'derive', payload: { derivativeId: id } };
    await expect(runJob(job, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(await derivative(id)).toMatchObject({ state: 'pending' });
  });

  test('marks an original that is missing', async () => {
    const { ask, derivative, runJobs, storage, original, db } = await setup();
    const id = await ask();
    await storage.blobs.remove(original.sha256);
    await runJobs('derive');
    expect(await derivative(id)).toMatchObject({ state: 'failed', error: expect.stringMatching(/original/) });
    expect(await findBlob(db.orm, original.sha256)).toMatchObject({ fault: 'missing' });
  });

  test('whose original is larger than the memory that it may take has failed, unread', async () => {
    const renderer = scripted([]);
    const { ask, derivative, deps, runJobs } = await setup({ renderer });
    deps.settings = { ...deps.settings, RENDER_MEMORY_MB: 0 };
    const id = await ask();
    await runJobs('derive');
    expect(await derivative(id)).toMatchObject({ state: 'failed', error: expect.stringMatching(/too large/) });
    expect(renderer.calls).toBe(0);
  });
});

describe('sweep', () => {
  test('asks again for a picture whose job was lost, once', async () => {
    const { ask, takeJobs, advanceClock, sweep, runJobs, derivative } = await setup();
    await takeJobs();
    const id = await ask();
    await takeJobs();
    await sweep();
    expect((await takeJobs()).filter(({ job }) => job === 'derive')).toEqual([]);
    advanceClock(61_000);
    await sweep();
    await sweep();
    const asked = (await takeJobs()).filter(({ job }) => job === 'derive');
    expect(asked).toMatchObject([{ jobId: `derive-${id}`, payload: { derivativeId: id } }]);
    await sweep();
    await runJobs('derive');
    expect(await derivative(id)).toMatchObject({ state: 'ready' });
  });
});

describe('gather', () => {
  test('makes what is asked for on demand before it freezes the entries', async () => {
    const worker = await setup();
    await worker.addPreset('small', small);
    await worker.addPreset('tiny', { ...small, width: 16, height: 12 });
    const renditionIds = await worker.renditionIds();
    const downloadId = await worker.requestAs(worker.entitled, { assetIds: [worker.assetId], renditionIds });
    await worker.runJobs();
    expect((await worker.download(downloadId)).state).toBe('ready');
    const files = await worker.unpack(downloadId);
    const sizes: unknown[] = [];
    for (const [name, bytes] of files) {
      if (name.endsWith('.png')) sizes.push([name, (await sharp(bytes).metadata()).width]);
    }
    expect(sizes.sort()).toEqual([
      [expect.stringMatching(/teal-small\.png$/), 64],
      [expect.stringMatching(/teal-tiny\.png$/), 16],
    ]);
  });

  test('and the derive job that meet render a picture once, and both have it', async () => {
    const renderer = scripted([]);
    const { promise: began, resolve: begin } = Promise.withResolvers<void>();
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const slow: Renderer = {
      async render(...args) {
        begin();
        await mayEnd;
        return renderer.render(...args);
      },
    };
    const worker = await setup({ renderer: slow });
    await worker.addPreset('small', small);
    const renditionIds = await worker.renditionIds();
    const other = (await findAsset(worker.db.orm, worker.assetId))!.renditions[0]!.id;
    const request = { assetIds: [worker.assetId], renditionIds: [...renditionIds, other] };
    const downloadId = await worker.requestAs(worker.entitled, request);
    const derivativeId = await worker.ask();
    const [gathering] = (await worker.takeJobs()).filter(({ job }) => job === 'gather');
    const deriving = worker.runJob({ job: 'derive', payload: { derivativeId } });
    await began;
    const gathered = worker.runJob(gathering!);
    await vi.waitUntil(async () => (await worker.download(downloadId)).state === 'gathering');
    end();
    await Promise.all([deriving, gathered]);
    expect(renderer.calls).toBe(1);
    expect((await worker.outcomes(downloadId))[0]?.names.sort()).toEqual(['original', 'small']);
  });

  test('leaves out what cannot be made, with rendition.failed', async () => {
    const worker = await setup({ renderer: scripted([renderFailure('memory')]) });
    await worker.addPreset('small', small);
    await worker.addPreset('tiny', { ...small, width: 16, height: 12 });
    const renditionIds = await worker.renditionIds();
    const downloadId = await worker.requestAs(worker.entitled, { assetIds: [worker.assetId], renditionIds });
    await worker.runJobs('gather');
    expect(await worker.outcomes(downloadId)).toEqual([
      { outcome: 'included', reason: 'rendition.failed', names: ['tiny'] },
    ]);
  });

  test('starts over where a preset changed before the archive was published: its old renditions are no more', async () => {
    const worker = await setup();
    const presetId = await worker.addPreset('small', small);
    const [renditionId] = await worker.renditionIds();
    const renditionIds = [renditionId!, (await findAsset(worker.db.orm, worker.assetId))!.renditions[0]!.id];
    const downloadId = await worker.requestAs(worker.entitled, { assetIds: [worker.assetId], renditionIds });
    const [gathering] = (await worker.takeJobs()).filter(({ job }) => job === 'gather');
    await worker.runJob(gathering!);
    const definitions = [{ name: 'small', title: 'small', parameters: { ...small, width: 32 } }];
    await updatePreset(worker.db.orm, presetId, { definitions }, worker.deps.clock());
    await worker.runJobs();
    expect((await worker.download(downloadId)).state).toBe('ready');
    expect(await worker.outcomes(downloadId)).toEqual([
      { outcome: 'included', reason: 'rendition.none_available', names: ['original'] },
    ]);
  });
});
