import { fileURLToPath } from 'node:url';
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import { renderFailure } from '@sheaf/imaging/render-failure';
import { getDocument, type PDFPageProxy, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface PdfPageTask {
  bytes: Uint8Array;
  /** Pixels of the longer side of what is drawn. */
  longestSide: number;
}

/** Pixels of a drawn page: four bytes each, opaque. */
export interface DrawnPage {
  data: Uint8Array;
  width: number;
  height: number;
}

/** Pixels of an image within a page; a larger one is left out. */
const maxImagePixels = 100_000_000;

const assets = (folder: string) => `${fileURLToPath(import.meta.resolve(`pdfjs-dist/${folder}/`))}`;

/**
 * Draws a PDF's first page on white. Runs no scripts of the document and fetches nothing. Meant for a process apart: see
 * `decodePdf`. Throws `render.failed` with the cause `unreadable` for what is encrypted or no PDF.
 */
export async function drawPdfPage({ bytes, longestSide }: PdfPageTask): Promise<DrawnPage> {
  const loading = getDocument({
    data: new Uint8Array(bytes),
    cMapUrl: assets('cmaps'),
    standardFontDataUrl: assets('standard_fonts'),
    wasmUrl: assets('wasm'),
    iccUrl: assets('iccs'),
    useWorkerFetch: false,
    useSystemFonts: false,
    enableXfa: false,
    maxImageSize: maxImagePixels,
    verbosity: VerbosityLevel.ERRORS,
  });
  try {
    const document = await loading.promise;
    return await draw(await document.getPage(1), document.canvasFactory as CanvasFactory, longestSide);
  } catch (error) {
    throw renderFailure('unreadable', unreadableText(error), error);
  } finally {
    await loading.destroy();
  }
}

type RenderParameters = Parameters<PDFPageProxy['render']>[0];

/** What pdf.js has in Node, where its types speak of a browser's canvas. */
interface CanvasFactory {
  create(width: number, height: number): { canvas: Canvas; context: SKRSContext2D };
}

async function draw(page: PDFPageProxy, canvases: CanvasFactory, longestSide: number): Promise<DrawnPage> {
  const own = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: longestSide / Math.max(own.width, own.height) });
  const width = Math.max(1, Math.round(viewport.width));
  const height = Math.max(1, Math.round(viewport.height));
  const { canvas, context } = canvases.create(width, height);
  const target = { canvas, canvasContext: context } as never as Pick<RenderParameters, 'canvas' | 'canvasContext'>;
  await page.render({ ...target, viewport, background: '#ffffff' }).promise;
  const { data } = context.getImageData(0, 0, width, height);
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height };
}

function unreadableText(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  return name === 'PasswordException' ? 'The PDF is protected by a password.' : 'The PDF is damaged or cannot be read.';
}
