import { escapeHtml } from '@sheaf/runtime/escape-html';
import type { EmailLines } from './email-lines.ts';

const button =
  'display:inline-block;padding:10px 18px;margin:4px 0;border-radius:6px;background:#1d4ed8;color:#ffffff;text-decoration:none';

/** The HTML part of an email. Everything that people named is escaped. */
export function emailHtml({ title, paragraphs, links, missing }: EmailLines): string {
  const blocks = [
    `<h1 style="font-size:20px">${escapeHtml(title)}</h1>`,
    ...paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`),
    ...links.map(({ label, url }) => `<p><a style="${button}" href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`),
  ];
  if (missing !== null) {
    const more = missing.more > 0 ? [`and ${missing.more} more`] : [];
    blocks.push(`<h2 style="font-size:16px">${escapeHtml(missing.heading)}</h2>`);
    blocks.push(list(missing.reasons));
    blocks.push(list([...missing.assets, ...more]));
  }
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body style="font-family:system-ui,sans-serif;line-height:1.5;color:#111827;background:#ffffff">
${blocks.join('\n')}
</body>
</html>
`;
}

function list(lines: readonly string[]): string {
  return `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
}
