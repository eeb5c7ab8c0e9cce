import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Cost } from '../measure.ts';

/** How often a program's peak of memory is looked at, in milliseconds. */
const sampleInterval = 10;

export interface Program {
  command: string;
  args: string[];
  /** Working folder. */
  cwd?: string;
  /** Lines for its standard input. */
  input?: readonly string[];
}

/** Runs a program that is not ours and measures it; throws where it fails. */
export async function runProgram({ command, args, cwd, input }: Program): Promise<Cost> {
  const start = performance.now();
  const child = spawn(command, args, { cwd, stdio: [input ? 'pipe' : 'ignore', 'ignore', 'inherit'] });
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, sampleInterval);
  try {
    child.stdin?.end(input?.join('\n'));
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${command} ended with exit code ${code}.`);
    return { seconds: (performance.now() - start) / 1_000, peakBytes: peakBytes || null };
  } finally {
    clearInterval(timer);
  }
}

/** Peak resident memory in bytes as the kernel keeps it; 0 where the process is gone, or there is no such account. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
