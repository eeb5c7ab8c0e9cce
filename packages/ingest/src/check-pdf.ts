import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@sheaf/domain/app-error';
import { type PdfVerdict, readyLine } from './check-pdf-process.ts';

const program = path.join(import.meta.dirname, 'check-pdf-process.ts');

const refusals: Record<string, string> & Record<Exclude<PdfVerdict, 'readable'>, string> = {
  damaged: 'The PDF is damaged and cannot be opened. Export it again and upload the new file.',
  incomplete: 'The PDF is incomplete: its end is missing. Upload the whole file.',
  encrypted: 'The PDF is encrypted. Take its password and its restrictions away and upload it again.',
  'no-pages': 'The PDF has no pages.',
};
const tooSlow = 'The PDF takes too long to open. Export it in a simpler form and upload that.';
const tooLarge = 'The PDF takes too much memory to open. Export it in a simpler form and upload that.';

export interface PdfCheckLimits {
  /** For the parser to be loaded. */
  startSeconds: number;
  /** For the PDF to be parsed. */
  parseSeconds: number;
}

const usualLimits: PdfCheckLimits = { startSeconds: 30, parseSeconds: 15 };

/**
 * Opens a PDF and looks at each of its pages: whoever is to read it has to be able to. A process of its own does this,
 * with no rights to files or programs, limited memory and a limited time, so that a PDF which was made to hang, to fill
 * the memory or to break into its reader ends that process only. Throws `upload.unreadable`; `service.unavailable`, retryable, where
 * the check itself does not come about; and what `pdf` fails with.
 */
export async function checkPdf(pdf: Readable, limits: PdfCheckLimits = usualLimits): Promise<void> {
  const parserFolder = path.dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const rights = [parserFolder, import.meta.dirname].map((folder) => `--allow-fs-read=${folder}${path.sep}`);
  const flags = ['--permission', '--allow-worker', ...rights, '--disallow-code-generation-from-strings'];
  const child = spawn(process.execPath, [...flags, program], { env: {}, stdio: ['pipe', 'pipe', 'ignore'] });
  const stop = () => child.kill('SIGKILL');
  let overdue = false;
  const giveUp = () => {
    overdue = true;
    stop();
  };
  let timer = setTimeout(giveUp, limits.startSeconds * 1_000);
  let started = false;
  let verdict = null as string | null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (started) verdict = line;
    if (line !== readyLine || started) return;
    started = true;
    clearTimeout(timer);
    timer = setTimeout(giveUp, limits.parseSeconds * 1_000);
  });
  const ended = new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
  try {
    await Promise.all([feed(pdf, child.stdin), ended]);
  } catch (error) {
    throw error instanceof UnreadableSource ? error.cause : uncheckable(error);
  } finally {
    clearTimeout(timer);
    stop();
  }
  if (!started) throw uncheckable();
  if (verdict === 'readable') return;
  const refusal = verdict === null ? undefined : refusals[verdict];
  throw new AppError('upload.unreadable', refusal ?? (overdue ? tooSlow : tooLarge));
}

class UnreadableSource extends Error {}

/** A process that is gone does not take the rest of the file, which is no error: what it said counts. */
async function feed(pdf: Readable, input: Writable): Promise<void> {
  try {
    await pipeline(passedOn(pdf), input);
  } catch (error) {
    if (error instanceof UnreadableSource) throw error;
  }
}

async function* passedOn(pdf: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* pdf;
  } catch (cause) {
    throw new UnreadableSource('The PDF cannot be read.', { cause });
  }
}

function uncheckable(cause?: unknown): AppError {
  return new AppError('service.unavailable', 'The PDF cannot be checked at the moment.', { retryable: true, cause });
}
