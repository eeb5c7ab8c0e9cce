import { randomBytes } from 'node:crypto';
import { insertAsset } from '@sheaf/db/catalogue/insert-asset';
import { insertBlob } from '@sheaf/db/catalogue/insert-blob';
import { insertLicence } from '@sheaf/db/catalogue/insert-licence';
import { setRenditionReady } from '@sheaf/db/catalogue/set-rendition-ready';
import { type Claim, claimDownload } from '@sheaf/db/downloads/claim-download';
import { expireDownloads } from '@sheaf/db/downloads/expire-downloads';
import { freezeItems } from '@sheaf/db/downloads/freeze-items';
import { loadDecisionFacts } from '@sheaf/db/downloads/load-decision-facts';
import { loadDownloadRequest } from '@sheaf/db/downloads/load-download-request';
import { publishDownload } from '@sheaf/db/downloads/publish-download';
import { deleteOutbox, takeOutbox } from '@sheaf/db/outbox/take-outbox';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { writeVisibility } from '@sheaf/db/visibility/write-visibility';
import type { AssetStatus } from '@sheaf/domain/asset';
import { decideDownload } from '@sheaf/domain/decide-download';
import type { DownloadDecision } from '@sheaf/domain/download-decision';
import type { VisibilityConfiguration } from '@sheaf/domain/visibility-configuration';
import { hashSecretToken, newSecretToken } from '@sheaf/runtime/secret-token';
import type { StoredBlob } from '@sheaf/storage/blob-store';
import { setupApi, type TestApi, type TestApiOptions, type TestUser } from './api.ts';

export interface NewTestAsset {
  title?: string;
  fileName?: string;
  mediaType?: string;
  bytes?: Buffer;
  status?: AssetStatus;
  expiresAt?: Date;
  licenceId?: string;
  /** Names of static renditions, ready with bytes of their own. */
  renditions?: string[];
}

export interface TestAsset {
  assetId: string;
  original: { id: string; bytes: Buffer; blob: StoredBlob };
  renditions: { id: string; name: string; bytes: Buffer }[];
}

/** What stands for an archive: delivery does not look into it. */
export interface PublishedDownload {
  /** Of the default link. */
  token: string;
  parts: { bytes: Buffer; objectKey: string; sha256: string; etag: string }[];
}

/** The API with a catalogue to fill and downloads to make ready, as ingest and the worker would. */
export async function setupDownloads(options: TestApiOptions = {}) {
  const api = await setupApi(options);
  const { db, storage, clock } = api;

  async function addBlob(bytes: Buffer): Promise<StoredBlob> {
    const blob = await storage.blobs.put(chunks(bytes));
    await insertBlob(db.orm, blob);
    return blob;
  }

  return {
    ...api,
    ...requests(api),
    async addAsset(asset: NewTestAsset = {}): Promise<TestAsset> {
      const bytes = asset.bytes ?? randomBytes(1_000);
      const blob = await addBlob(bytes);
      const fileName = asset.fileName ?? `${blob.sha256.slice(0, 12)}.jpg`;
      const names = asset.renditions ?? [];
      const { assetId } = await db.transaction((tx) =>
        insertAsset(tx, {
          title: asset.title ?? fileName,
          folder: '',
          fileName,
          status: asset.status ?? 'approved',
          expiresAt: asset.expiresAt ?? null,
          licenceId: asset.licenceId ?? null,
          modifiedAt: new Date('2026-01-02T03:04:06Z'),
          createdBy: null,
          original: { sha256: blob.sha256, mediaType: asset.mediaType ?? 'image/jpeg', width: 10, height: 10 },
          pending: names.map((name) => ({
            kind: 'static' as const,
            name,
            mediaType: 'image/jpeg',
            fileName: `${name}-${fileName}`,
          })),
        }),
      );
      const rows = await db.orm.query.renditions.findMany({ where: (row, { eq }) => eq(row.assetId, assetId) });
      const idOf = (wanted: string) => rows.find(({ name }) => name === wanted)!.id;
      const renditions = [];
      for (const name of names) {
        const rendered = randomBytes(500);
        const { sha256 } = await addBlob(rendered);
        await setRenditionReady(db.orm, idOf(name), { sha256, width: 5, height: 5 });
        renditions.push({ id: idOf(name), name, bytes: rendered });
      }
      return { assetId, original: { id: idOf('original'), bytes, blob }, renditions };
    },
    async addLicence({ approved = true, expiresAt = null as Date | null } = {}) {
      const { sha256 } = await addBlob(randomBytes(200));
      const licenceId = await insertLicence(db.orm, { title: 'Terms', approved, documentSha256: sha256, expiresAt });
      return { licenceId, sha256 };
    },
    addBlob,
    async switchVisibility(changes: Partial<VisibilityConfiguration>): Promise<void> {
      const { configuration } = await readVisibility(db.orm);
      await writeVisibility(db.orm, {
        configuration: { ...configuration, ...changes },
        changedBy: null,
        changedAt: clock(),
      });
    },
    /** Takes all that waits in the outbox, as the relay does. */
    relay: () => relay(api),
    /** Ends what is past its end, as the worker does now and then. Gives how many. */
    sweep: () => db.transaction((tx) => expireDownloads(tx, { now: clock(), limit: 10 })),
    claim: (downloadId: string, step: 'gather' | 'pack') => claim(api, downloadId, step),
    /** As far as a worker that has just begun to pack. */
    pack: (downloadId: string) => pack(api, downloadId),
    publish: (downloadId: string, partBytes: Buffer[] = [randomBytes(2_000)]) => publish(api, downloadId, partBytes),
  };
}

export type TestDownloads = Awaited<ReturnType<typeof setupDownloads>>;

/** The calls that most tests make. */
function requests({ app, users }: TestApi) {
  const post = (url: string, payload: unknown, user: TestUser = users.requester, headers: object = {}) =>
    app.inject({
      method: 'POST',
      url: `/api/v1${url}`,
      headers: { ...user.headers, ...headers },
      ...(payload !== undefined && { payload: payload as object }),
    });
  return {
    post,
    get: (url: string, user: TestUser = users.requester, headers: object = {}) =>
      app.inject({ url: `/api/v1${url}`, headers: { ...user.headers, ...headers } }),
    /** Requests a download that has to be taken, and gives its id. */
    async request(assetIds: string[], body: object = {}, user: TestUser = users.requester): Promise<string> {
      const response = await post('/downloads', { assetIds, renditions: 'originals-and-static', ...body }, user);
      if (response.statusCode !== 202) throw new Error(`Refused: ${response.body}`);
      return response.json().id;
    },
  };
}

async function relay({ db }: TestApi): Promise<string[]> {
  return db.transaction(async (tx) => {
    const rows = await takeOutbox(tx, { batch: 1_000, maxOpenDownloads: 1_000 });
    const ids = rows.map(({ id }) => id);
    await deleteOutbox(tx, ids);
    return rows.map(({ jobId }) => jobId);
  });
}

async function pack(api: TestApi, downloadId: string): Promise<{ claim: Claim; decision: DownloadDecision }> {
  const { db, clock } = api;
  await relay(api);
  const { request, actor } = await loadDownloadRequest(db.orm, downloadId);
  const decision = decideDownload(await loadDecisionFacts(db.orm, { request, actor, now: clock() }));
  const gathering = await claim(api, downloadId, 'gather');
  await db.transaction((tx) => freezeItems(tx, gathering, decision));
  return { claim: await claim(api, downloadId, 'pack'), decision };
}

async function publish(api: TestApi, downloadId: string, partBytes: Buffer[]): Promise<PublishedDownload> {
  const { db, storage, clock, deps } = api;
  const { claim: packing, decision } = await pack(api, downloadId);
  const parts: (PublishedDownload['parts'][number] & { number: number })[] = [];
  for (const [index, bytes] of partBytes.entries()) {
    const number = index + 1;
    const objectKey = `bundles/${downloadId}/${packing.epoch}/${number}.zip`;
    const writer = await storage.objects.create(objectKey);
    writer.stream.write(bytes);
    await writer.commit();
    const { sha256 } = await storage.blobs.put(chunks(bytes));
    parts.push({ number, objectKey, bytes, sha256, etag: `"${sha256}"` });
  }
  const token = newSecretToken();
  const published = await db.transaction((tx) =>
    publishDownload(tx, {
      ...packing,
      parts: parts.map(({ bytes, ...part }) => ({
        ...part,
        fileName: `Frühling ${part.number}.zip`,
        mediaType: 'application/zip',
        size: bytes.length,
        entries: decision.counts.entries,
      })),
      link: { tokenHash: hashSecretToken(token), sealedToken: deps.sealers.link.seal(token) },
      expiresAt: decision.expiresAt,
      now: clock(),
    }),
  );
  if (!published) throw new Error('The download was not published.');
  return { token, parts };
}

async function claim({ db }: TestApi, downloadId: string, step: 'gather' | 'pack'): Promise<Claim> {
  const claimed = await claimDownload(db.orm, { downloadId, step, workerId: 'test', leaseSeconds: 60 });
  if (claimed === null) throw new Error(`The download cannot be claimed to ${step}.`);
  return claimed;
}

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
