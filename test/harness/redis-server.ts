import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { freePort } from './free-port.ts';

export interface RedisServer {
  url: string;
  /** Of the running process; changes with `start`. */
  readonly pid: number;
  /** Ends it in an orderly way and removes its folder. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL), losing its contents. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port, after `kill`. */
  start(): Promise<void>;
  /** Makes it hang with its connections open (SIGSTOP). */
  pause(): void;
  resume(): void;
  /** Makes it forget all (FLUSHALL) while it goes on. */
  flush(): Promise<void>;
}

const startAttempts = 3;

/** Starts a real redis-server, in memory only and without eviction, on a free port of the loopback interface. */
export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-test-redis-'));
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return redisServer(port, folder, await spawnRedis(port, folder));
    } catch (error) {
      if (attempt < startAttempts) continue;
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }
}

function redisServer(port: number, folder: string, first: ChildProcess): RedisServer {
  let server = first;
  // A test run that dies must not leave servers behind.
  const killOnExit = () => server.kill('SIGKILL');
  process.on('exit', killOnExit);
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGCONT');
    server.kill(signal);
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return server.pid as number;
    },
    async stop() {
      await end('SIGTERM');
      process.off('exit', killOnExit);
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => end('SIGKILL'),
    async start() {
      server = await spawnRedis(port, folder);
    },
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    flush: () => flushAll(port),
  };
}

async function flushAll(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.end('FLUSHALL\r\n');
  const answer = await text(socket);
  if (answer !== '+OK\r\n') throw new Error(`redis-server did not forget all: ${answer}`);
}

async function spawnRedis(port: number, folder: string): Promise<ChildProcess> {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const server = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const failed = new Promise<never>((_resolve, reject) => {
    server.once('error', (cause) => {
      reject(new Error('redis-server cannot be run; scripts/install-test-tools.sh installs it.', { cause }));
    });
    server.once('exit', () => reject(new Error(`redis-server did not start: ${lines.slice(-3).join(' | ')}`)));
  });
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  failed.catch(() => {});
  await Promise.race([ready, failed]);
  return server;
}
