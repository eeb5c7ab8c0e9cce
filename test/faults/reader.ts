import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { isFinal } from '@sheaf/domain/download-state';
import type { PublicKeys } from '@sheaf/evidence/key-set';
import { verifyArchive } from '@sheaf/evidence/verify-archive';
import { loadKeys } from '@sheaf/standalone/load-keys';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

const run = promisify(execFile);

/** What it takes to find fault with an archive, by the end of its name. */
const checks: readonly [string, string, string[]][] = [
  ['.zip', 'unzip', ['-tqq']],
  ['.tar.gz', 'tar', ['-tzf']],
  ['.tar', 'tar', ['-tf']],
];

/** Somebody who asks for archives all the time, and takes each as soon as there is anything to be had. */
export interface Reader {
  /** Asks for this download from now on until it has its archive. */
  follow(downloadId: string): void;
  /** Waits for all of them. */
  end(): Promise<{ polls: number; archives: number; broken: string[] }>;
}

const patienceMs = 240_000;

export function createReader(stage: Stage): Reader {
  // There is one once something has been signed.
  let keys: Promise<PublicKeys> | undefined;
  const signingKeys = () => {
    keys ??= loadKeys(`${stage.requesters[0]!.baseUrl}/.well-known/sheaf-keys.json`);
    return keys;
  };
  const result = { polls: 0, archives: 0, broken: [] as string[] };
  const following: Promise<void>[] = [];

  async function follow(downloadId: string): Promise<void> {
    const owner = await ownerOf(stage, downloadId);
    const ready = await until(
      async () => {
        result.polls += 1;
        const download = await owner.download(downloadId);
        if (download.state !== 'ready' && download.bundle !== null) {
          result.broken.push(`${downloadId} is ${download.state}, and has something to show`);
        }
        return download.bundle !== null || isFinal(download.state) ? download : null;
      },
      { withinMs: patienceMs, everyMs: 100 },
    );
    // That it failed is for the reconciliation to judge.
    if (ready !== null && ready.state !== 'ready') return;
    const part = ready?.bundle?.parts[0];
    if (!part?.url) {
      result.broken.push(`${downloadId} has no link`);
      return;
    }
    const response = await owner.call(part.url);
    const bytes = Buffer.from(await response.arrayBuffer());
    const fault =
      response.status === 200
        ? await faultOf(stage, await signingKeys(), downloadId, bytes)
        : `status ${response.status}`;
    if (fault !== null) result.broken.push(`the archive of ${downloadId}: ${fault}`);
    else result.archives += 1;
  }

  return {
    follow: (id) => void following.push(follow(id).catch((error) => void result.broken.push(String(error)))),
    async end() {
      await Promise.all(following);
      return result;
    },
  };
}

async function ownerOf({ db, requesters }: Stage, downloadId: string) {
  const [row] = await db.orm.execute<{ owner: string }>(
    `select requester_id as owner from downloads where id = '${downloadId}'`,
  );
  return requesters.find(({ id }) => id === row!.owner)!;
}

/** Null where it has the size that was recorded, is genuine to the last byte, and another program reads it to its end. */
async function faultOf({ db }: Stage, keys: PublicKeys, downloadId: string, bytes: Buffer): Promise<string | null> {
  const [part] = await db.orm.execute<{ size: string; sha256: string | null; file_name: string }>(
    `select size, sha256, file_name from bundle_parts where download_id = '${downloadId}'`,
  );
  if (bytes.length !== Number(part!.size)) return `${bytes.length} bytes instead of ${part!.size}`;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  // Where nobody has read the archive from end to end, that of each file is in what is signed.
  if (part!.sha256 !== null && sha256 !== part!.sha256) return `SHA-256 ${sha256} instead of ${part!.sha256}`;
  const [ending, program, args] = checks.find(([name]) => part!.file_name.endsWith(name))!;
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-faults-archive-'));
  try {
    const file = path.join(folder, `archive${ending}`);
    await writeFile(file, bytes);
    await run(program, [...args, file]);
    const { genuine, faults } = await verifyArchive(file, keys);
    return genuine ? null : JSON.stringify(faults.slice(0, 3));
  } catch (error) {
    return String(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
