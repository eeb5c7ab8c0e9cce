import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLifecycle } from '@sheaf/runtime/lifecycle';
import { loadConfig } from '@sheaf/runtime/load-config';
import { settingDefinitions } from '@sheaf/runtime/settings';
import { startMailServer } from '../demo/mail-server.ts';
import { type DemoResult, runDemo } from '../demo/run-demo.ts';
import { createWaiter } from '../demo/wait-until.ts';
import { startWebhookListener } from '../demo/webhook-listener.ts';
import { formatBytes } from '../format-bytes.ts';
import { startSystem } from '../start-system.ts';
import { watchStopSignals } from '../stop-signals.ts';

const tell = (line: string) => console.error(line);

/**
 * `sheaf demo`: the whole system in a folder of its own, for one download. It uses none of the databases, queues and
 * mail servers that the environment names. What it tells goes to standard error, its result to standard output.
 */
export async function demo(env: NodeJS.ProcessEnv, options: { json?: boolean }): Promise<void> {
  const signals = watchStopSignals();
  const open = createLifecycle((name, error) => tell(`${name}: ${(error as Error).message}`));
  try {
    const result = await Promise.race([perform(env, open), signals.asked.then(() => null)]);
    if (!result) throw new Error('Interrupted.');
    await open.close();
    console.log(options.json ? JSON.stringify(result) : summary(result));
  } finally {
    await open.close();
  }
}

async function perform(env: NodeJS.ProcessEnv, open: ReturnType<typeof createLifecycle>): Promise<DemoResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-demo-data-'));
  open.onClose('data folder', () => rm(folder, { recursive: true, force: true }));
  const waiter = createWaiter();
  const mail = await startMailServer(waiter.changed);
  open.onClose('mail server', mail.close);
  const webhooks = await startWebhookListener(waiter.changed);
  open.onClose('webhook listener', webhooks.close);
  const ownEnv = {
    ...withoutSettings(env),
    PORT: '0',
    DATA_DIR: folder,
    SMTP_URL: mail.url,
    WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
  };
  const starting = startSystem({ settings: loadConfig(ownEnv), env: ownEnv, show: tell });
  // Registered before it is there: an interrupted start must be stopped too.
  open.onClose('system', async () => (await starting.catch(() => null))?.stop());
  const system = await starting;
  tell(`Sheaf runs at ${system.url}, for this demo alone.`);
  return runDemo({ system, mail, webhooks, waiter, tell });
}

function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !(name in settingDefinitions)));
}

function summary(result: DemoResult): string {
  const { included, assets, entries, size, secondsToReady, file, keys } = result;
  return [
    `${included} of ${assets} assets in ${entries} files, ${formatBytes(size)}, ready after ${secondsToReady} s: ${file}`,
    `To verify it: npx sheaf verify ${file} --keys ${keys}`,
  ].join('\n');
}
