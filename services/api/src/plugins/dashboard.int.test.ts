import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setupApi } from '../../../../test/harness/api.ts';

describe('the dashboard', () => {
  const script = 'export {};';

  async function setup() {
    const folder = await mkdtemp(path.join(tmpdir(), 'sheaf-test-dashboard-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(path.join(folder, '_app/immutable'), { recursive: true });
    await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>Sheaf</title><script>start()</script>');
    await writeFile(path.join(folder, '_app/immutable/app.js'), script);
    await writeFile(path.join(folder, '_app/immutable/app.js.gz'), gzipSync(script));
    const api = await setupApi({ dashboardFolder: folder });
    onTestFinished(api.close);
    return api;
  }

  test('its page answers every address a person may have opened', async () => {
    const { app } = await setup();
    for (const url of ['/', '/downloads', '/downloads/123']) {
      const answer = await app.inject({ url, headers: { accept: 'text/html' } });
      expect([url, answer.statusCode]).toEqual([url, 200]);
      expect(answer.headers['cache-control']).toBe('no-cache');
      expect(answer.body).toContain('<title>Sheaf</title>');
    }
  });

  test('addresses of the API and missing files stay 404 problems', async () => {
    const { app } = await setup();
    for (const url of ['/api/v1/nothing', '/api/nothing', '/_app/immutable/gone.js']) {
      const answer = await app.inject({ url, headers: { accept: 'text/html' } });
      expect([url, answer.statusCode, answer.json().code]).toEqual([url, 404, 'resource.not_found']);
    }
    expect((await app.inject({ url: '/downloads', headers: { accept: 'application/json' } })).statusCode).toBe(404);
  });

  test('hashed files are cached for a year, and only its own inline script may run', async () => {
    const { app } = await setup();
    const file = await app.inject('/_app/immutable/app.js');
    expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const page = await app.inject({ url: '/', headers: { accept: 'text/html' } });
    // printf 'start()' | openssl dgst -sha256 -binary | base64
    expect(page.headers['content-security-policy']).toContain(
      "script-src 'self' 'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00='",
    );
  });

  test('what the build compressed goes as it is to whoever takes that, and caches tell the two apart', async () => {
    const { app } = await setup();
    const small = await app.inject({ url: '/_app/immutable/app.js', headers: { 'accept-encoding': 'gzip' } });
    expect(small.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': expect.stringContaining('javascript'),
      'cache-control': 'public, max-age=31536000, immutable',
      vary: expect.stringMatching(/accept-encoding/i),
    });
    expect(gunzipSync(small.rawPayload).toString()).toBe(script);
    const plain = await app.inject('/_app/immutable/app.js');
    expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, script]);
  });

  test('no inline styles are allowed, but for the one attribute that SvelteKit has', async () => {
    const { app } = await setup();
    const page = await app.inject({ url: '/', headers: { accept: 'text/html' } });
    const policy = String(page.headers['content-security-policy']).split(';');
    expect(policy).toContain("style-src 'self'");
    expect(policy.find((rule) => rule.startsWith('style-src-attr'))).toMatch(
      /^style-src-attr 'unsafe-hashes' 'sha256-[^']+'$/,
    );
  });

  test('nothing outside of its folder is served', async () => {
    const { app } = await setup();
    for (const url of ['/../package.json', '/..%2f..%2fetc/passwd', '/_app/%2e%2e/%2e%2e/package.json']) {
      const answer = await app.inject(url);
      expect([url, answer.statusCode]).toEqual([url, expect.toSatisfy((status) => status >= 400)]);
    }
  });
});
