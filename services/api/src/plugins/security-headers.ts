import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import helmet from '@fastify/helmet';
import type { ApiDeps, App } from '../api-deps.ts';

/**
 * Hash of the one style attribute in the dashboard's markup: SvelteKit hides with it the text that tells screen readers
 * of a new page. The browser tests, which fail on any violation of the policy, notice when SvelteKit changes it.
 */
const announcerStyle = "'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='";

/** Strict headers on every answer. The only inline scripts that may run are those of the dashboard's own page. */
export async function setSecurityHeaders(
  app: App,
  { settings, dashboardFolder }: Pick<ApiDeps, 'settings' | 'dashboardFolder'>,
): Promise<void> {
  const https = settings.PUBLIC_URL?.startsWith('https:') ?? false;
  const hashes = dashboardFolder === null ? [] : await inlineScriptHashes(path.join(dashboardFolder, 'index.html'));
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", ...hashes],
        // No inline styles either: the dashboard sets those through the CSSOM, which no policy forbids.
        styleSrc: ["'self'"],
        styleSrcAttr: ["'unsafe-hashes'", announcerStyle],
        imgSrc: ["'self'", 'data:', 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
}

/** CSP sources for the inline scripts of a page. Empty when the page is not there. */
export async function inlineScriptHashes(pagePath: string): Promise<string[]> {
  const page = await readFile(pagePath, 'utf8').catch(() => '');
  const scripts = page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g);
  return Array.from(scripts, ([, body = '']) => `'sha256-${createHash('sha256').update(body).digest('base64')}'`);
}
