import type { EmailLines } from './email-lines.ts';

/** The plain-text part of an email. */
export function emailText({ title, paragraphs, links, missing }: EmailLines): string {
  const blocks = [title, ...paragraphs];
  if (links.length > 0) blocks.push(links.map(({ label, url }) => `${label}:\n${url}`).join('\n\n'));
  if (missing !== null) {
    const more = missing.more > 0 ? [`- and ${missing.more} more`] : [];
    blocks.push([missing.heading, ...missing.reasons.map((line) => `  ${line}`)].join('\n'));
    blocks.push([...missing.assets.map((line) => `- ${line}`), ...more].join('\n'));
  }
  return `${blocks.join('\n\n')}\n`;
}
