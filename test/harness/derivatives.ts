import { outboxChannel } from '@sheaf/db/add-to-outbox';
import { deleteOutbox, takeOutbox } from '@sheaf/db/outbox/take-outbox';
import { ingestBytes } from '@sheaf/ingest/testing/ingest-bytes';
import { makeDerivative } from '@sheaf/worker/make-derivative';
import { openRenderer } from '@sheaf/worker/open-renderer';
import type { WorkerDeps } from '@sheaf/worker/worker-deps';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import type { TestApiOptions, TestUser } from './api.ts';
import { setupDownloads } from './downloads.ts';

type TestRenderer = WorkerDeps['renderer'];

/** The API with pictures and presets, and a worker that makes what is asked for on demand once it is started. */
export async function setupDerivatives(options: TestApiOptions = {}) {
  const api = await setupDownloads(options);
  onTestFinished(api.close);
  const { app, db, storage, users } = api;
  const entitled = await api.addUser('requester', { email: 'entitled@example.com', dynamicRenditions: true });
  const admin = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
    app.inject({
      method,
      url: `/api/v1/admin${url}`,
      headers: users.administrator.headers,
      ...(payload && { payload }),
    });

  async function addPreset(path: 'image-presets' | 'smart-crop-profiles', body: object, approved: boolean) {
    const created = await admin('POST', `/${path}`, body);
    if (created.statusCode !== 201) throw new Error(`Refused: ${created.body}`);
    const { id } = created.json();
    if (approved) await admin('PATCH', `/${path}/${id}`, { approved: true });
    return id as string;
  }

  return {
    ...api,
    entitled,
    admin,
    /** An approved picture of one colour, and its id. */
    async addPicture(fileName = 'Picture.jpg', { width = 640, height = 480, licenceId = null as string | null } = {}) {
      const bytes = await sharp({ create: { width, height, channels: 3, background: '#3a6ea5' } })
        .jpeg()
        .toBuffer();
      const { assetId } = await ingestBytes({ db, storage }, fileName, bytes, { licenceId });
      return assetId;
    },
    addImagePreset: (
      parameters: object = { width: 100, format: 'png' },
      { name = 'small', title = 'Small', approved = true } = {},
    ) => addPreset('image-presets', { name, title, parameters }, approved),
    addSmartCropProfile: (sizes: object[], { name = 'social', title = 'Social', approved = true } = {}) =>
      addPreset('smart-crop-profiles', { name, title, sizes }, approved),
    /** The renditions of an asset that are made on demand, as this user is shown them. */
    async onDemand(assetId: string, user: TestUser = entitled) {
      const answer = await api.get(`/assets/${assetId}`, user);
      const { renditions } = answer.json() as { renditions: { kind: string; id: string; name: string; url: string }[] };
      return renditions.filter(({ kind }) => kind === 'dynamic' || kind === 'smart-crop');
    },
    /** From now on, and for what was asked for before. Counts what it renders; the real renderer when absent. */
    async startDeriving(renderer: TestRenderer = realRenderer(api.deps.settings)) {
      const counted = { renders: 0 };
      const deps = {
        ...api.deps,
        renderer: {
          render: (...args: Parameters<TestRenderer['render']>) => {
            counted.renders += 1;
            return renderer.render(...args);
          },
        },
      };
      const signal = new AbortController().signal;
      const derive = async () => {
        for (const derivativeId of await takeDerivatives(api.db)) await makeDerivative(deps, derivativeId, signal);
      };
      let running = derive();
      const subscription = await db.listen(outboxChannel, () => {
        running = running.then(derive);
      });
      onTestFinished(async () => {
        await subscription.unlisten();
        await running;
      });
      return counted;
    },
  };
}

function realRenderer(settings: WorkerDeps['settings']): TestRenderer {
  const renderer = openRenderer(settings);
  onTestFinished(() => renderer.close());
  return renderer;
}

function takeDerivatives(db: WorkerDeps['db']): Promise<string[]> {
  return db.transaction(async (tx) => {
    const rows = await takeOutbox(tx, { batch: 100, maxOpenDownloads: 0 });
    await deleteOutbox(
      tx,
      rows.map(({ id }) => id),
    );
    return rows.flatMap(({ job, payload }) => (job === 'derive' ? [String(payload.derivativeId)] : []));
  });
}
