import { createHash } from 'node:crypto';
import type { ProblemJson } from '@sheaf/contract/problem';
import { escapeHtml } from '@sheaf/runtime/escape-html';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its address stands in emails, and people open it: they are told of a problem by a page. */
    openedByPeople?: true;
  }
}

const style = `
:root { color-scheme: light dark; font: 16px/1.6 ui-sans-serif, system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
body { margin: 15vh auto; max-width: 34rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.3; }
a { color: light-dark(#0f766e, #5eead4); }
small { color: light-dark(#5b5b55, #adada6); }
`;

/** Nothing but this style, and the icon, may be loaded by the page. */
export const problemPagePolicy = `default-src 'none'; img-src 'self'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Whether a person is to read the answer: programs that fetch an address ask for anything. */
export function isForPeople({ routeOptions, headers }: FastifyRequest): boolean {
  return routeOptions.config.openedByPeople === true && (headers.accept ?? '').includes('text/html');
}

/** What happened and what to do about it. It does not name its own address, which may be a secret. */
export function problemPage({ title, detail, requestId, status }: ProblemJson): string {
  const advice =
    status >= 500 || status === 429
      ? 'Try again in a while.'
      : 'Ask whoever sent you the link for a new one. If the download is your own, <a href="/downloads">it is among your downloads</a>.';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(detail)}</p>
<p>${advice}</p>
<p><small>Request ${escapeHtml(requestId)}</small></p>
</main>
</body>
</html>
`;
}
