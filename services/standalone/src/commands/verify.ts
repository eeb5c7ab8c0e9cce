import { AppError } from '@sheaf/domain/app-error';
import type { PublicKeys } from '@sheaf/evidence/key-set';
import { printableText } from '@sheaf/evidence/printable-text';
import { type Verification, verifyArchive } from '@sheaf/evidence/verify-archive';
import { loadConfig } from '@sheaf/runtime/load-config';
import { errorMessage } from '@sheaf/runtime/loggable-error';
import { describeVerification } from '../describe-verification.ts';
import { keysOfInstallation, loadKeys } from '../load-keys.ts';

export interface VerifyOptions {
  keys?: string;
  json?: boolean;
}

/** What is printed of one archive as JSON; `error` alone where it could not be read. */
type Verified = { file: string } & (Verification | { genuine: false; error: string });

const allGenuine = 0;
const someNot = 1;
const unusable = 2;

/**
 * `sheaf verify`: ends with 0 only when every archive is genuine, with 1 when one is not, and with 2 when an archive or
 * the keys could not be read. Without `--keys`, those of the installation that the environment points to.
 */
export async function verify(env: NodeJS.ProcessEnv, files: string[], options: VerifyOptions): Promise<void> {
  const keys = await readKeys(env, options);
  if (keys === null) {
    process.exitCode = unusable;
    return;
  }
  const verified: Verified[] = [];
  for (const file of files) {
    const verification = await verifyFile(file, keys);
    verified.push(verification);
    if (options.json) continue;
    if ('error' in verification) console.error(`sheaf: ${printableText(verification.error)}`);
    else console.log(describeVerification(file, verification));
  }
  const genuine = verified.every((archive) => archive.genuine);
  if (options.json) console.log(JSON.stringify({ genuine, archives: verified }));
  process.exitCode = genuine ? allGenuine : verified.some((archive) => 'error' in archive) ? unusable : someNot;
}

async function readKeys(env: NodeJS.ProcessEnv, options: VerifyOptions): Promise<PublicKeys | null> {
  try {
    return options.keys === undefined ? await keysOfInstallation(loadConfig(env)) : await loadKeys(options.keys);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (options.json) console.log(JSON.stringify({ genuine: false, archives: [], error: error.message }));
    else console.error(`sheaf: ${error.message}`);
    return null;
  }
}

async function verifyFile(file: string, keys: PublicKeys): Promise<Verified> {
  try {
    return { file, ...(await verifyArchive(file, keys)) };
  } catch (error) {
    return { file, genuine: false, error: `${file} cannot be read: ${errorMessage(error)}` };
  }
}
