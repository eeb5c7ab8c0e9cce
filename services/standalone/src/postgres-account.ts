import { execFile, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown } from 'node:fs/promises';
import { promisify } from 'node:util';
import { AppError } from '@sheaf/domain/app-error';

const run = promisify(execFile);

/** As whom PostgreSQL's programs run. They refuse to run as root. */
export interface PostgresAccount {
  /** Goes before a program and its arguments. */
  prefix: string[];
  spawnOptions: Pick<SpawnOptions, 'uid' | 'gid'>;
  /** Makes the file or folder the account's own. */
  own(path: string): Promise<void>;
}

/** This process's own user. */
const self: PostgresAccount = { prefix: [], spawnOptions: {}, own: async () => {} };

/**
 * The account that can run `program` with its data in `folder`: this process's own user, or for root the system's user
 * `postgres`, made where it is missing. When that one may not pass through a private parent folder (`/root`, say), it is
 * given the capability to, and nothing more. Throws `storage.unavailable` when even so it cannot get there.
 */
export async function postgresAccount(program: string, folder: string): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) return self;
  const { uid, gid } = await systemUser();
  const own = (path: string) => chown(path, uid, gid);
  const plain: PostgresAccount = { prefix: [], spawnOptions: { uid, gid }, own };
  const candidates = [
    plain,
    ...passThrough.map((capability) => ({ prefix: withCapability(capability, uid, gid), spawnOptions: {}, own })),
  ];
  for (const candidate of candidates) {
    if (await canReach(candidate, program, folder)) return candidate;
  }
  throw new AppError(
    'storage.unavailable',
    `The embedded PostgreSQL cannot run as root, and the user postgres may not enter ${folder} or run ${program}. Start Sheaf as another user, set DATA_DIR to a folder outside private ones, or set DATABASE_URL.`,
  );
}

/** The first is enough to pass through folders; containers often have only the second. */
const passThrough = ['dac_read_search', 'dac_override'];

/** With `no_setuid_fixup`, access(2) takes the capability into account: PostgreSQL looks for its own programs with it. */
function withCapability(capability: string, uid: number, gid: number): string[] {
  const only = `-all,+${capability}`;
  const user = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  return ['setpriv', ...user, `--bounding-set=${only}`, `--inh-caps=${only}`, `--ambient-caps=${only}`, '--'];
}

async function canReach({ prefix, spawnOptions }: PostgresAccount, program: string, folder: string): Promise<boolean> {
  const [command, ...args] = [
    ...prefix,
    'sh',
    '-c',
    'cd "$1" && test -r "$2" && test -x "$2" && "$2" --version',
    'sh',
    folder,
    program,
  ];
  const child = spawn(command!, args, { ...spawnOptions, cwd: '/', stdio: 'ignore' });
  try {
    const [code] = await once(child, 'exit');
    return code === 0;
  } catch {
    return false;
  }
}

async function systemUser(): Promise<{ uid: number; gid: number }> {
  try {
    return await idsOf('postgres');
  } catch {
    // Not there yet.
  }
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
    return await idsOf('postgres');
  } catch (cause) {
    throw new AppError(
      'service.unavailable',
      'The embedded PostgreSQL cannot run as root, and the system user postgres could not be made. Create it, start Sheaf as another user, or set DATABASE_URL.',
      { cause },
    );
  }
}

async function idsOf(user: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
