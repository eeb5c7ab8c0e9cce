/**
 * The path of this site that a text names, with its query; `/` for everything else: other sites, however they are
 * written, the API, and the sign-in page itself.
 */
export function ownPath(text: string | undefined): string {
  if (text === undefined || !text.startsWith('/')) return '/';
  const url = URL.parse(text, 'http://here.invalid');
  if (url === null || url.host !== 'here.invalid' || url.protocol !== 'http:') return '/';
  // A path that begins with two slashes would be another site as soon as a browser reads it.
  if (/^\/(\/|\\|%2f|%5c|api\/|d\/|sign-in)/i.test(url.pathname)) return '/';
  return `${url.pathname}${url.search}`;
}
