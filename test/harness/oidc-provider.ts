import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

export interface OidcProviderOptions {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
}

export interface TestOidcProvider {
  issuer: string;
  /**
   * Makes a person, or changes what the provider says about one from the next sign-in on. These are the claims of the
   * userinfo endpoint; those in `idToken` are the ID token's beside `sub`.
   */
  setPerson(sub: string, claims: Record<string, unknown>): Promise<void>;
  /** What a person does in a browser: signs in on the page that `url` leads to. Resolves with where they are sent back to. */
  signIn(url: string, sub: string): Promise<URL>;
  stop(): Promise<void>;
  /** On the same port, after `stop`; it knows nobody. */
  start(): Promise<void>;
}

const startAttempts = 3;

/** A real OpenID Connect provider as a process of its own, on a free port of the loopback interface. */
export async function startOidcProvider(options: OidcProviderOptions): Promise<TestOidcProvider> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return running(port, options, await startProcess(port, options));
    } catch (error) {
      if (attempt === startAttempts) throw error;
    }
  }
}

function running(port: number, options: OidcProviderOptions, first: ChildProcess): TestOidcProvider {
  const issuer = `http://127.0.0.1:${port}`;
  let child = first;
  return {
    issuer,
    async setPerson(sub, claims) {
      const known = once(child, 'message');
      child.send({ sub, claims });
      await known;
    },
    signIn: (url, sub) => signInByForm(issuer, url, sub),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    async start() {
      child = await startProcess(port, options);
    },
  };
}

async function startProcess(port: number, options: OidcProviderOptions): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('./oidc-provider-process.ts', import.meta.url));
  const child = fork(program, [JSON.stringify({ port, ...options })], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('The identity provider ended before it was ready.'))),
  ]);
  return child;
}

/** The provider's pages by hand: its redirects, its cookies, and the form that asks who it is. */
async function signInByForm(issuer: string, start: string, sub: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(start);
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 10; step += 1) {
    if (url.origin !== issuer) return url;
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value) cookies.set(name, value);
      else if (name !== undefined) cookies.delete(name);
    }
    const location = response.headers.get('location');
    const page = await response.text();
    if (location !== null) {
      url = new URL(location, url);
      form = undefined;
    } else if (response.ok) {
      form = new URLSearchParams({ prompt: 'login', login: sub, password: 'any' });
    } else {
      throw new Error(`The identity provider answered ${response.status}: ${page.slice(0, 500)}`);
    }
  }
  throw new Error('The identity provider leads nowhere.');
}
