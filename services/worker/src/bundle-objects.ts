import type { ClaimKey } from '@sheaf/db/downloads/held-by-claim';
import type { WorkerDeps } from './worker-deps.ts';

type ObjectDeps = Pick<WorkerDeps, 'storage'>;

/** Every claim has a folder of its own: what an older one still writes never meets what is published. */
function folderOf({ downloadId, epoch }: ClaimKey): string {
  return `bundles/${downloadId}/${epoch}`;
}

export function bundleObjectKey(claim: ClaimKey, part: number, extension: string): string {
  return `${folderOf(claim)}/${part}${extension}`;
}

/** Removes what a claim has stored. */
export async function removeObjectsOfClaim({ storage }: ObjectDeps, claim: ClaimKey): Promise<void> {
  await storage.objects.removeFolder(folderOf(claim));
}

/** Removes what claims up to and with `epoch` have stored. Later ones, of a retry, are left alone. */
export async function removeObjectsUpTo({ storage }: ObjectDeps, { downloadId, epoch }: ClaimKey): Promise<void> {
  for (let earlier = epoch; earlier > 0; earlier -= 1) {
    await removeObjectsOfClaim({ storage }, { downloadId, epoch: earlier });
  }
}
