import { spawnSync } from 'node:child_process';
import { contend } from '../measure.ts';

/** `cp -r`, and `sync` of the copy where the other side is durable too. */
contend(async ({ from, to, durable }: { from: string; to: string; durable: boolean }) => {
  run('cp', ['-r', from, to]);
  if (durable) run('sync', ['-f', to]);
});

function run(command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw error ?? new Error(`${command} ended with exit code ${status}.`);
}
