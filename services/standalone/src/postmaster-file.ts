import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** What a running server writes about itself: its process and whether it takes connections yet. */
export interface Postmaster {
  pid: number;
  ready: boolean;
}

const pollMs = 15;

export async function readPostmaster(cluster: string): Promise<Postmaster | null> {
  const text = await readFile(postmasterFile(cluster), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : null;
}

/**
 * Ends a server that an earlier launcher left behind on this cluster, and removes the file that one killed with its
 * launcher left. PostgreSQL itself refuses to start when the file's process id belongs to any living process.
 */
export async function endLeftOver(cluster: string, deadlineMs = 20_000): Promise<void> {
  const left = await readPostmaster(cluster);
  if (!left) return;
  const signals: [NodeJS.Signals, number][] = [
    ['SIGINT', deadlineMs],
    ['SIGQUIT', 5_000],
  ];
  for (const [signal, withinMs] of signals) {
    if (!(await servesCluster(left.pid, cluster))) break;
    process.kill(left.pid, signal);
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline && (await servesCluster(left.pid, cluster))) await wait(pollMs);
  }
  if (!(await servesCluster(left.pid, cluster))) await rm(postmasterFile(cluster), { force: true });
}

/** Resolves once the process takes connections, and rejects with the signal's reason. */
export async function untilReady(cluster: string, pid: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const postmaster = await readPostmaster(cluster);
    if (postmaster?.pid === pid && postmaster.ready) return;
    signal.throwIfAborted();
    await wait(pollMs);
  }
}

async function servesCluster(pid: number, cluster: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(cluster));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

const postmasterFile = (cluster: string) => path.join(cluster, 'postmaster.pid');
