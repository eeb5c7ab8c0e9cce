import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Kills the api process that this process's system runs; its supervisor starts it again, on the same port. */
export async function killApi(): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['--ppid', String(process.pid), '-o', 'pid=,args=']);
  const line = stdout.split('\n').find((text) => text.includes('services/api/src/main'));
  if (line === undefined) throw new Error(`No api among ${stdout}`);
  process.kill(Number.parseInt(line, 10), 'SIGKILL');
}
