import { existsSync } from 'node:fs';
import { loadConfig } from '@sheaf/runtime/load-config';
import type { Settings } from '@sheaf/runtime/settings';
import type { FinishedDownload } from '../ask-for-download.ts';
import type { FirstRun } from '../first-run.ts';
import { formatBytes } from '../format-bytes.ts';
import type { FirstUsers } from '../samples/first-users.ts';
import { type System, startSystem } from '../start-system.ts';
import { watchStopSignals } from '../stop-signals.ts';

const say = (line = '') => console.log(line);
const warn = (line: string) => console.error(line);

/** `sheaf start`: runs the whole system until it is asked to stop. */
export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const signals = watchStopSignals();
  const settings = loadConfig(env);
  // A terminal that is gone must not keep the system from stopping in order.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  const system = await startSystem({ settings, env, show: warn });
  signals.onInsisted(() => {
    warn('Stopping at once.');
    system.hasten();
  });
  if (!signals.wasAsked) {
    introduce(system, settings).catch((error: Error) => {
      if (signals.wasAsked) return;
      warn(`The sample catalogue could not be completed; the next start tries again. ${error.message}`);
    });
  }
  await signals.asked;
  say('Stopping; press Ctrl-C again to hurry.');
  await system.stop();
  say('Stopped.');
}

async function introduce(system: System, settings: Settings): Promise<void> {
  say(`Sheaf is ready at ${system.url}`);
  say();
  say(`  API reference   ${system.url}/docs`);
  say(`  Data and logs   ${system.data.path}`);
  say(`  Mail            ${settings.SMTP_URL ? 'sent' : 'kept and shown in the dashboard (SMTP_URL is not set)'}`);
  // Loaded now, so that what refuses a start is told at once.
  const firstRun = await import('../first-run.ts');
  const first = await firstRun.prepareFirstRun(system);
  if (first) await introduceFirstRun(system, first, firstRun);
  else if (existsSync(system.data.credentials)) say(`  Sign in         as said in ${system.data.credentials}`);
  say();
  say('Press Ctrl-C to stop.');
}

async function introduceFirstRun(
  system: System,
  first: FirstRun,
  { makeFirstDownload, completeFirstRun }: typeof import('../first-run.ts'),
): Promise<void> {
  const { samples } = first;
  say(
    `  Samples         ${samples ? `${samples.assetIds.length} assets, two licences` : 'none: their pictures are not installed'}`,
  );
  introduceUsers(first.users, system.data.credentials);
  if (!samples) return completeFirstRun(system, { assets: 0 });
  const finished = await makeFirstDownload(system.url, first.users.requester);
  await completeFirstRun(system, { assets: samples.assetIds.length, downloadId: finished.download.id });
  introduceDownload(system.url, finished);
}

function introduceDownload(url: string, { download, secondsToReady }: FinishedDownload): void {
  const { included, excluded } = download.counts;
  const link = download.bundle?.parts[0]?.url;
  say();
  say(
    `The requester sees ${included + excluded} of the assets; a first download was ready after ${secondsToReady.toFixed(1)} s`,
  );
  say(
    `  ${included} assets, ${formatBytes(download.bundle?.size ?? 0)}; ${excluded} under licences are left to be accepted`,
  );
  if (link) say(`  ${new URL(link, url).href}`);
}

function introduceUsers(users: FirstUsers, credentialsFile: string): void {
  say();
  say('Sign in as');
  for (const { email, password, role } of [users.administrator, users.requester]) {
    say(`  ${role.padEnd(14)}  ${email.padEnd(24)}  ${password}`);
  }
  say(`The passwords are shown this once and kept in ${credentialsFile}, which only you can read.`);
}
