import type { Pixels } from '@sheaf/imaging/picture-sizes';
import { createProcessPool } from '@sheaf/imaging/process-pool';
import type { DrawnPage, PdfPageTask } from './draw-pdf-page.ts';

/** One for all that render here. Its process starts with the first PDF, and leaves when there are no more. */
const pages = createProcessPool<PdfPageTask, DrawnPage>(new URL('./pdf-process.ts', import.meta.url), {
  processes: 1,
  memoryBytes: 1_000_000_000,
  seconds: 60,
  idleMs: 30_000,
});

/**
 * A PDF's first page as pixels, drawn in a process apart with limits on memory and time. Throws `render.failed` and the
 * signal's reason.
 */
export async function decodePdf(bytes: Buffer, longestSide: number, signal: AbortSignal): Promise<Pixels> {
  const { data, width, height } = await pages.run({ bytes, longestSide }, signal);
  return { data: Buffer.from(data.buffer, data.byteOffset, data.byteLength), width, height, channels: 4 };
}
