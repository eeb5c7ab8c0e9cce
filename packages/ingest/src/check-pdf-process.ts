import { argv, kill, memoryUsage, pid, stdin, stdout } from 'node:process';
import { buffer } from 'node:stream/consumers';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/**
 * A process of its own for one PDF from somebody else: see `check-pdf.ts`, which gives it no rights and little time. It
 * takes the PDF on its standard input and prints a `PdfVerdict`. Its main thread only watches the memory of the one that
 * parses: buffers are outside of what Node can limit by itself.
 */
export type PdfVerdict = 'readable' | 'damaged' | 'incomplete' | 'encrypted' | 'no-pages';

/** Printed once the parser is there: until then, a failure is ours and not the PDF's. */
export const readyLine = 'ready';

const mostHeapMb = 256;
const mostResidentBytes = 700_000_000;
const watchMs = 50;
/** For when nobody waits for the verdict any more. */
const mostSeconds = 120;

if (argv[1] === import.meta.filename) await (isMainThread ? watch() : parse());

async function watch(): Promise<void> {
  const parser = new Worker(import.meta.filename, {
    workerData: await buffer(stdin),
    resourceLimits: { maxOldGenerationSizeMb: mostHeapMb },
    stdout: true,
    stderr: true,
  });
  parser.on('message', (line: string) => stdout.write(`${line}\n`));
  parser.on('error', giveUp);
  const watching = setInterval(() => {
    if (memoryUsage.rss() > mostResidentBytes) giveUp();
  }, watchMs);
  const overdue = setTimeout(giveUp, mostSeconds * 1_000);
  parser.on('exit', () => {
    clearInterval(watching);
    clearTimeout(overdue);
  });
}

/** At once: the other thread may be in the middle of taking more. */
function giveUp(): void {
  kill(pid, 'SIGKILL');
}

async function parse(): Promise<void> {
  const { getDocument, PasswordException } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  parentPort?.postMessage(readyLine);
  const data = new Uint8Array(workerData);
  const complete = hasEnd(data);
  const loading = getDocument({
    data,
    stopAtErrors: true,
    enableXfa: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWasm: false,
    useWorkerFetch: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    verbosity: 0,
  });
  parentPort?.postMessage(await judge());

  async function judge(): Promise<PdfVerdict> {
    try {
      const pdf = await loading.promise;
      const { info } = (await pdf.getMetadata()) as { info: { EncryptFilterName?: string | null } };
      if (info.EncryptFilterName) return 'encrypted';
      if (pdf.numPages === 0) return 'no-pages';
      for (let number = 1; number <= pdf.numPages; number++) (await pdf.getPage(number)).cleanup();
      // The parser finds what is left of a torn file, which is not what somebody would have signed.
      return complete ? 'readable' : 'incomplete';
    } catch (error) {
      return error instanceof PasswordException ? 'encrypted' : 'damaged';
    }
  }
}

/** Readers look for the end in the last 1,024 bytes. */
function hasEnd(pdf: Uint8Array): boolean {
  return Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).subarray(-1_024).includes('%%EOF');
}
