import '@sheaf/db/lean-drizzle';
import path from 'node:path';
import { createFileStorage } from '@sheaf/storage/file-storage';
import { runProcess } from '@sheaf/worker/run-process';
import { defaultPolicy } from '@sheaf/worker/worker-policy';
import { unreliableStorage } from './unreliable-storage.ts';

/**
 * The worker's process with what a test must be able to change: POLICY (JSON) is more hasty than the real one, UNRELIABLE
 * (JSON) makes its storage fail, and a message `{clockOffsetMs}` sets the clock of the whole process.
 */
const realNow = Date.now;
let offsetMs = 0;

globalThis.Date = class extends Date {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [realNow() + offsetMs] : given) as [number]));
  }
  static override now(): number {
    return realNow() + offsetMs;
  }
} as DateConstructor;

process.on('message', (message) => {
  const { clockOffsetMs } = message as { clockOffsetMs?: number };
  if (clockOffsetMs !== undefined) offsetMs = clockOffsetMs;
});

const { POLICY = '{}', UNRELIABLE, DATA_DIR = '' } = process.env;
const storage = createFileStorage(path.resolve(DATA_DIR));
await runProcess(process.env, {
  policy: { ...defaultPolicy, ...JSON.parse(POLICY) },
  storage: UNRELIABLE === undefined ? storage : unreliableStorage(storage, JSON.parse(UNRELIABLE)),
});
