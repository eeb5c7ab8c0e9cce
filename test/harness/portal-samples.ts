import { insertBlob } from '@sheaf/db/catalogue/insert-blob';
import { insertLicence } from '@sheaf/db/catalogue/insert-licence';
import { updateLicence } from '@sheaf/db/catalogue/update-licence';
import { readVisibility } from '@sheaf/db/visibility/read-visibility';
import { writeVisibility } from '@sheaf/db/visibility/write-visibility';
import { ingestBytes } from '@sheaf/ingest/testing/ingest-bytes';
import { licenceDocument } from '@sheaf/standalone/samples/licence-document';
import sharp from 'sharp';
import type { TestSystem } from './system.ts';

export interface PortalSamples {
  /** How many assets a requester sees. */
  visible: number;
  replaceTerms(title: string, terms: string): Promise<void>;
}

const day = 86_400_000;

/**
 * A catalogue that has everything a requester meets: plain assets, licensed ones (approved terms, terms that are not, and
 * terms to change), an expired one that may be had, and one that expires soon.
 */
export async function addPortalSamples(system: TestSystem): Promise<PortalSamples> {
  const { db, storage } = system;
  const { configuration } = await readVisibility(db.orm);
  await writeVisibility(db.orm, {
    configuration: { ...configuration, expiredVisible: true, expiredDownloadable: true },
    changedBy: null,
    changedAt: new Date(),
  });

  let visible = 0;
  async function add(
    folder: string,
    title: string,
    more: { licenceId?: string; expiresAt?: Date } = {},
  ): Promise<void> {
    visible += 1;
    const create = { width: 640, height: 400 + visible, channels: 3 as const };
    const background = { r: (visible * 37) % 256, g: 120, b: (visible * 91) % 256 };
    const bytes = await sharp({ create: { ...create, background } })
      .jpeg()
      .toBuffer();
    await ingestBytes({ db, storage }, `${title}.jpg`, bytes, { folder, title, ...more });
  }

  async function terms(title: string, text: string): Promise<string> {
    const document = await licenceDocument({ title, subtitle: text, sections: [{ heading: 'Terms', text }] });
    const blob = await storage.blobs.put(oneChunk(document));
    await insertBlob(db.orm, blob);
    return blob.sha256;
  }
  const licenceIds = new Map<string, string>();
  async function addLicence(title: string, approved = true): Promise<string> {
    const documentSha256 = await terms(title, 'First edition');
    const id = await db.transaction((tx) => insertLicence(tx, { title, approved, documentSha256, expiresAt: null }));
    licenceIds.set(title, id);
    return id;
  }

  const press = await addLicence('Press use');
  const changing = await addLicence('Changing terms');
  const unapproved = await addLicence('Not approved terms', false);
  for (let n = 1; n <= 8; n++) await add('Plain', `plain ${n}`);
  for (let n = 1; n <= 4; n++) await add('Coast', `coast ${n}`);
  for (let n = 1; n <= 2; n++) await add('Licensed', `licensed ${n}`, { licenceId: press });
  await add('Licensed', 'changing 1', { licenceId: changing });
  await add('Licensed', 'unapproved 1', { licenceId: unapproved });
  await add('Old', 'expired 1', { expiresAt: new Date(Date.now() - day) });
  await add('Old', 'expiring 1', { expiresAt: new Date(Date.now() + 5 * day - 60_000) });

  return {
    visible,
    async replaceTerms(title, text) {
      const documentSha256 = await terms(title, text);
      await db.transaction((tx) => updateLicence(tx, licenceIds.get(title)!, { documentSha256 }, new Date()));
    },
  };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
