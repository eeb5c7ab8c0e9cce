import type { PDFDocumentLoadingTask } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

export interface DrawnPage {
  /** Height by width. */
  ratio: number;
  text: string;
}

export interface OpenedPdf {
  pages: number;
  /** Draws a page, from 1, in a width of so many pixels, unless the returned function is called before. */
  draw(number: number, canvas: HTMLCanvasElement, width: number, ondrawn: (page: DrawnPage) => void): () => void;
  close(): Promise<void>;
}

/** Opens a PDF with pdf.js, whose code comes only now. Rejects where it is none that can be shown. */
export async function openPdf(data: Uint8Array): Promise<OpenedPdf> {
  const { GlobalWorkerOptions, getDocument } = await import('pdfjs-dist');
  GlobalWorkerOptions.workerSrc = workerUrl;
  const task: PDFDocumentLoadingTask = getDocument({ data, useSystemFonts: true });
  const document = await task.promise;

  return {
    pages: document.numPages,
    draw(number, canvas, width, ondrawn) {
      let cancelled = false;
      let cancel = () => {};
      (async () => {
        const page = await document.getPage(number);
        const full = page.getViewport({ scale: 1 });
        const viewport = page.getViewport({ scale: (width / full.width) * Math.min(2, devicePixelRatio) });
        if (cancelled) return;
        canvas.width = Math.floor(viewport.width);
        canvas.height = Math.floor(viewport.height);
        const render = page.render({ canvas, viewport });
        cancel = () => render.cancel();
        await render.promise;
        const { items } = await page.getTextContent();
        if (cancelled) return;
        const text = items.map((item) => ('str' in item ? item.str : '')).join(' ');
        ondrawn({ ratio: full.height / full.width, text });
      })().catch((error: unknown) => {
        if (!cancelled) throw error;
      });
      return () => {
        cancelled = true;
        cancel();
      };
    },
    close: () => task.destroy(),
  };
}
