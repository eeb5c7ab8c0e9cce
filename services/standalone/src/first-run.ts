import { setTimeout as wait } from 'node:timers/promises';
import type { AssetSummaryJson } from '@sheaf/contract/asset';
import { listUnrenderedAssets } from '@sheaf/db/catalogue/list-unrendered-assets';
import { createDatabase, type Database } from '@sheaf/db/database';
import { findInstallationFact, recordInstallationFact } from '@sheaf/db/installation/installation-fact';
import { listUsers } from '@sheaf/db/users/list-users';
import { createFileStorage } from '@sheaf/storage/file-storage';
import { signIn } from './api-client.ts';
import { askForDownload, type FinishedDownload } from './ask-for-download.ts';
import { createFirstUsers, type FirstUser, type FirstUsers, readFirstUsers } from './samples/first-users.ts';
import { type ImportedSamples, importSamples } from './samples/import-samples.ts';
import { areSamplesInstalled } from './samples/sample-content.ts';
import type { System } from './start-system.ts';

export interface FirstRun {
  users: FirstUsers;
  /** Null where the sample pictures are not installed. */
  samples: ImportedSamples | null;
}

const sampleFact = 'sample-catalogue';

/** Whether users and samples are still to be made: an installation that has users of its own gets none. */
export async function isFirstRun(db: Database, credentialsFile: string): Promise<boolean> {
  if (await findInstallationFact(db.orm, sampleFact)) return false;
  const users = await listUsers(db.orm);
  return users.length === 0 || (await readFirstUsers(credentialsFile)) !== null;
}

/**
 * Gives a new installation its first users and the sample catalogue, and waits a while for its renditions. Null when
 * that was done before. It can be interrupted and repeated.
 */
export async function prepareFirstRun(system: System): Promise<FirstRun | null> {
  const db = createDatabase(system.databaseUrl, { applicationName: 'sheaf-start', maxConnections: 4 });
  try {
    if (!(await isFirstRun(db, system.data.credentials))) return null;
    const users = await createFirstUsers(db, system.data.credentials);
    if (!areSamplesInstalled()) return { users, samples: null };
    const samples = await importSamples({ db, storage: createFileStorage(system.data.path), now: new Date() });
    await untilRendered(db);
    return { users, samples };
  } finally {
    await db.close();
  }
}

/** Says that the first run is complete, so that no later start repeats it. */
export async function completeFirstRun(system: System, value: Record<string, unknown>): Promise<void> {
  const db = createDatabase(system.databaseUrl, { applicationName: 'sheaf-start', maxConnections: 1 });
  try {
    await recordInstallationFact(db.orm, sampleFact, value);
  } finally {
    await db.close();
  }
}

/**
 * Downloads what the requester sees of the catalogue, through the HTTP API, but for what is under a licence: to accept one
 * is for the person.
 */
export async function makeFirstDownload(url: string, requester: FirstUser): Promise<FinishedDownload> {
  const client = await signIn(url, requester.email, requester.password);
  const assets = await client.list<AssetSummaryJson>('/assets');
  return askForDownload(client, {
    name: 'First download',
    assetIds: assets.map((asset) => asset.id),
    renditions: 'originals-and-static',
    layout: 'catalogue',
    unavailable: 'skip',
  });
}

/** Gathering a download renders what is still missing, so that nothing depends on this. */
const renderWithinMs = 10_000;

async function untilRendered(db: Database): Promise<void> {
  const deadline = Date.now() + renderWithinMs;
  const anyAge = new Date(Date.now() + 24 * 3_600_000);
  while (Date.now() < deadline && (await listUnrenderedAssets(db.orm, anyAge, 1)).length > 0) await wait(50);
}
