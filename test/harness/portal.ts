import type { AssetJson } from '@sheaf/contract/asset';
import type { DownloadJson } from '@sheaf/contract/download';
import type { DownloadRequestJson } from '@sheaf/contract/download-request';
import type { GroupFieldsJson, GroupJson } from '@sheaf/contract/group';
import type { LicenceJson } from '@sheaf/contract/licence';
import type { OutcomeJson } from '@sheaf/contract/outcome';
import type { PreflightJson } from '@sheaf/contract/preflight';
import type { ImagePresetJson } from '@sheaf/contract/preset';
import type { RenditionJson } from '@sheaf/contract/rendition';
import type { VisibilityConfigurationJson } from '@sheaf/contract/visibility';
import type { ImageFormat } from '@sheaf/domain/image-parameters';
import { migrateQueue } from '@sheaf/queue/queue-connection';
import { licenceDocument } from '@sheaf/standalone/samples/licence-document';
import { startWorker } from '@sheaf/worker/start-worker';
import { defaultPolicy } from '@sheaf/worker/worker-policy';
import sharp from 'sharp';
import { expect, onTestFinished, vi } from 'vitest';
import { setupApi, type TestApiOptions, type TestUser } from './api.ts';
import { type FormFile, form } from './form.ts';
import { unzip } from './unzip.ts';

const patience = { timeout: 30_000, interval: 50 };

export interface NewPicture {
  title?: string;
  fileName?: string;
  folder?: string;
  width?: number;
  height?: number;
  /** The picture's file; one of one colour when absent. */
  bytes?: Buffer;
  licenceId?: string;
  expiresAt?: Date;
  /** Left as the portal's rules make it where false. */
  approve?: boolean;
}

/**
 * A whole portal, API and worker on a database and a storage folder of its own, that is talked to through the HTTP API
 * alone, by everybody with their own rights; gone when the test has finished.
 */
export async function setupPortal(options: TestApiOptions = {}) {
  const api = await setupApi(options);
  onTestFinished(api.close);
  const { app, clock, users, deps } = api;
  const queueBackend = { kind: 'postgres' as const, url: api.databaseUrl };
  await migrateQueue(queueBackend);
  const policy = { ...defaultPolicy, sweepEvery: 200, relayPoll: 50, lostJobsEvery: 500, lostJobsAge: 500 };
  const start = () => startWorker({ ...deps, queueBackend, policy });
  let worker = await start();
  onTestFinished(() => worker.close());

  const call = (
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    user?: TestUser,
    body?: object,
  ) => app.inject({ method, url, headers: { ...user?.headers }, ...(body && { payload: body }) });

  /** The answer of a call that has to succeed. */
  async function ok<T>(answer: ReturnType<typeof call>): Promise<T> {
    const response = await answer;
    if (response.statusCode >= 300) throw new Error(`${response.statusCode}: ${response.body}`);
    return response.body === '' ? (undefined as T) : response.json<T>();
  }

  const get = <T>(url: string, user: TestUser = users.requester) => ok<T>(call('GET', `/api/v1${url}`, user));
  const administer = <T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object) =>
    ok<T>(call(method, `/api/v1${url}`, users.administrator, body));
  const asset = (assetId: string, user = users.requester) => get<AssetJson>(`/assets/${assetId}`, user);
  const preflight = (body: DownloadRequestJson, user = users.requester) =>
    ok<PreflightJson>(call('POST', '/api/v1/downloads/preflight', user, body));
  const request = (body: DownloadRequestJson, user = users.requester) => call('POST', '/api/v1/downloads', user, body);

  /** The answer to a contributor who adds a file to the catalogue. */
  async function upload(fields: Record<string, string>, file: FormFile) {
    const { payload, headers } = await form(fields, file);
    return app.inject({
      method: 'POST',
      url: '/api/v1/assets',
      payload,
      headers: { ...headers, ...users.contributor.headers },
    });
  }

  /** Uploads a picture as a contributor, and approves it as an administrator, once its renditions are there. */
  async function addPicture(picture: NewPicture = {}): Promise<AssetJson> {
    const { title, folder, licenceId, expiresAt, width = 640, height = 480, approve = true } = picture;
    const created = { width, height, channels: 3 as const, background: { r: Math.random() * 255, g: 90, b: 160 } };
    const bytes = picture.bytes ?? (await sharp({ create: created }).jpeg().toBuffer());
    const fields = {
      ...(title && { title }),
      ...(folder && { folder }),
      ...(licenceId && { licenceId }),
      ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    };
    const fileName = picture.fileName ?? `picture-${created.background.r}.jpg`;
    const added = await upload(fields, { name: fileName, bytes });
    if (added.statusCode !== 201) throw new Error(added.body);
    const { id } = added.json<AssetJson>();
    if (approve) await administer('PATCH', `/assets/${id}`, { status: 'approved' });
    return vi.waitFor(async () => {
      const seen = await asset(id, users.administrator);
      expect(seen.renditions.every(({ kind, state }) => kind !== 'static' || state === 'ready')).toBe(true);
      return seen;
    }, patience);
  }

  /** A licence whose terms are a PDF of one page that says so. */
  async function addLicence({ title = 'Press use', approved = true } = {}): Promise<LicenceJson> {
    const upload = await form({ title, approved: String(approved) }, { name: 'terms.pdf', bytes: await pdf(title) });
    const added = await app.inject({
      method: 'POST',
      url: '/api/v1/licences',
      payload: upload.payload,
      headers: { ...upload.headers, ...users.administrator.headers },
    });
    if (added.statusCode !== 201) throw new Error(added.body);
    return added.json<LicenceJson>();
  }

  /** Replaces the terms of a licence, which makes a new version of it. */
  async function replaceTerms(licenceId: string, terms: string): Promise<LicenceJson> {
    const upload = await form({}, { name: 'terms.pdf', bytes: await pdf(terms) });
    const changed = await app.inject({
      method: 'PATCH',
      url: `/api/v1/licences/${licenceId}`,
      payload: upload.payload,
      headers: { ...upload.headers, ...users.administrator.headers },
    });
    if (changed.statusCode !== 200) throw new Error(changed.body);
    return changed.json<LicenceJson>();
  }

  async function configure(changes: Partial<VisibilityConfigurationJson>): Promise<void> {
    type Version = { configuration: VisibilityConfigurationJson };
    const { configuration } = await get<Version>('/admin/visibility', users.administrator);
    await administer('PUT', '/admin/visibility', { configuration: { ...configuration, ...changes } });
  }

  /** An image preset of that name and size, approved unless said otherwise. */
  async function addPreset(
    name: string,
    { width = 100, height = 100, format = 'webp' as ImageFormat, approved = true } = {},
  ): Promise<ImagePresetJson> {
    const parameters = { width, height, fit: 'cover' as const, format };
    const preset = await administer<ImagePresetJson>('POST', '/admin/image-presets', { name, title: name, parameters });
    return approved ? administer('PATCH', `/admin/image-presets/${preset.id}`, { approved }) : preset;
  }

  /** A group with these members. */
  async function addGroup(
    name: string,
    members: TestUser[],
    fields: Partial<GroupFieldsJson> = {},
  ): Promise<GroupJson> {
    const group = await administer<GroupJson>('POST', '/admin/groups', { name, ...fields });
    for (const { id } of members) await administer('PUT', `/admin/groups/${group.id}/members/${id}`);
    return group;
  }

  /** Requests a download that has to be taken, and waits until the worker has done with it. */
  async function download(body: DownloadRequestJson, user = users.requester): Promise<DownloadJson> {
    const accepted = await request(body, user);
    if (accepted.statusCode !== 202) throw new Error(`${accepted.statusCode}: ${accepted.body}`);
    return finished(accepted.json<DownloadJson>().id, user);
  }

  const finished = (downloadId: string, user = users.requester): Promise<DownloadJson> =>
    vi.waitFor(async () => {
      const seen = await get<DownloadJson>(`/downloads/${downloadId}`, user);
      expect(['ready', 'failed', 'cancelled']).toContain(seen.state);
      return seen;
    }, patience);

  const linkOf = ({ bundle }: DownloadJson): string => {
    const url = bundle?.parts[0]?.url;
    if (!url) throw new Error('The download has no link.');
    return new URL(url, 'http://localhost').pathname;
  };

  return {
    ...api,
    /** What is requested waits from here on, until the worker starts again. */
    stopWorker: () => worker.close(),
    async startWorker(): Promise<void> {
      worker = await start();
    },
    call,
    get,
    administer,
    asset,
    preflight,
    request,
    upload,
    addPicture,
    addLicence,
    replaceTerms,
    addPreset,
    addGroup,
    configure,
    download,
    finished,
    linkOf,
    /** GET of a download's link, as anybody who holds it. */
    fetchLink: (ready: DownloadJson) => call('GET', linkOf(ready)),
    /** The files of a ready download, by their paths in its archive, as its link gives them. */
    async unpack(ready: DownloadJson): Promise<Map<string, Buffer>> {
      const response = await call('GET', linkOf(ready));
      if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${response.body}`);
      return unzip(response.rawPayload);
    },
    items: async (downloadId: string, user = users.requester): Promise<OutcomeJson[]> =>
      (await get<{ items: OutcomeJson[] }>(`/downloads/${downloadId}/items?limit=200`, user)).items,
    /** GET of one file. */
    fetchFile: (rendition: Pick<RenditionJson, 'url'>, user?: TestUser) =>
      call('GET', new URL(rendition.url, 'http://localhost').pathname, user ?? users.requester),
    days: (count: number): Date => new Date(clock().getTime() + count * 86_400_000),
  };
}

export type Portal = Awaited<ReturnType<typeof setupPortal>>;

/** Paths of the assets' files in an archive, without Sheaf's own, in order. */
export function contentPaths(files: ReadonlyMap<string, Buffer>): string[] {
  const own = /^(manifest|receipt|signature)\.json$|^licences\//;
  return [...files.keys()].filter((path) => !own.test(path)).sort();
}

/** The rendition of that kind and name; it has to be there. */
export function renditionOf({ renditions }: AssetJson, kind: RenditionJson['kind'], name?: string): RenditionJson {
  const found = renditions.find(
    (rendition) => rendition.kind === kind && (name === undefined || rendition.name === name),
  );
  if (found === undefined) throw new Error(`The asset shows no ${kind} rendition ${name ?? ''}.`);
  return found;
}

const pdf = (terms: string): Promise<Uint8Array> =>
  licenceDocument({ title: terms, subtitle: 'For the tests', sections: [{ heading: 'Terms', text: terms }] });
