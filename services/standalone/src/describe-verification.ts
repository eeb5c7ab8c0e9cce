import { printableText } from '@sheaf/evidence/printable-text';
import type { Verification } from '@sheaf/evidence/verify-archive';
import { formatBytes } from './format-bytes.ts';

/** Faults that are listed; an archive that is damaged early has one for each file. */
const shownFaults = 20;

const unproved = {
  whole: null,
  tar: 'How it was compressed is not proved, and need not be: every byte that comes out of it is.',
  headers:
    'How its files were deflated is not proved, and need not be: every other byte is, and what comes out of them.',
};

/** The outcome for people: one line, and one more for each of the terms, or for each fault. */
export function describeVerification(file: string, verification: Verification): string {
  const lines = verification.genuine ? genuineLines(file, verification) : faultLines(file, verification);
  // Names are whoever's: an archive that is not genuine may call a file anything.
  return Array.from(lines, printableText).join('\n');
}

function* genuineLines(file: string, { receipt, files, contentSize, layout }: Verification): Generator<string> {
  if (receipt === null) return;
  const { issuer, downloadId, part, requestedBy, requestedAt, licences } = receipt;
  yield `${file} is genuine.`;
  yield `  download  ${downloadId} from ${issuer}, part ${part.number} of ${part.of}`;
  yield `  requested ${requestedAt} by ${requestedBy.name} <${requestedBy.email}>`;
  yield `  holds     ${files} files, ${formatBytes(contentSize)}`;
  for (const { title, version, acceptedAt } of licences)
    yield `  terms     “${title}”, version ${version}, accepted ${acceptedAt}`;
  const note = layout === null ? null : unproved[layout];
  if (note !== null) yield `  note      ${note}`;
}

function* faultLines(file: string, { faults }: Verification): Generator<string> {
  yield `${file} is NOT genuine.`;
  for (const { message } of faults.slice(0, shownFaults)) yield `  ${message}`;
  if (faults.length > shownFaults) yield `  And ${faults.length - shownFaults} more.`;
}
