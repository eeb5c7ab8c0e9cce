import { spawn } from 'node:child_process';
import { childEnvironment } from '@sheaf/imaging/child-environment';
import { renderFailure } from '@sheaf/imaging/render-failure';
import { residentBytes } from '@sheaf/imaging/resident-bytes';

export interface CommandLimits {
  seconds: number;
  memoryBytes: number;
  /** Most bytes that it may write to its standard output. */
  outputBytes: number;
}

export interface CommandResult {
  /** Null where a signal ended it. */
  exitCode: number | null;
  output: Buffer;
  /** The end of what it wrote to standard error. */
  errors: string;
}

const watchMs = 50;
const keptErrorCharacters = 20_000;

/**
 * Runs a program without a shell, without input and without the secrets of this process' environment, and kills it at its limits. Throws `render.failed` with the cause
 * `memory`, `time` or `size`, the signal's reason, and the system's error where there is no such program.
 */
export async function runLimited(
  program: string,
  args: readonly string[],
  limits: CommandLimits,
  signal: AbortSignal,
): Promise<CommandResult> {
  signal.throwIfAborted();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: false,
    env: childEnvironment(),
  });
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  const chunks: Buffer[] = [];
  let written = 0;
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    written += chunk.length;
    if (written > limits.outputBytes) stop(renderFailure('size', 'It wrote more than it may.'));
    else chunks.push(chunk);
  });
  child.stderr.on('data', (text) => {
    errors = (errors + text).slice(-keptErrorCharacters);
  });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const timeUp = () => stop(renderFailure('time', `It took longer than ${limits.seconds} s.`));
  const timer = setTimeout(timeUp, limits.seconds * 1_000);
  const watch = setInterval(async () => {
    const resident = child.pid === undefined ? null : await residentBytes(child.pid);
    if ((resident ?? 0) > limits.memoryBytes) stop(renderFailure('memory', 'It took more memory than it may.'));
  }, watchMs);
  const onAbort = () => stop(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const exitCode = await Promise.race([closed, stopped]);
    return { exitCode, output: Buffer.concat(chunks), errors };
  } finally {
    child.kill('SIGKILL');
    await closed.catch(() => {});
    clearTimeout(timer);
    clearInterval(watch);
    signal.removeEventListener('abort', onAbort);
  }
}
