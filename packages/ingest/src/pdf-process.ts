import { serveTasks } from '@sheaf/imaging/serve-tasks';
import { drawPdfPage, type PdfPageTask } from './draw-pdf-page.ts';

/** What `decodePdf` starts. A page may keep JavaScript busy for long. */
serveTasks<PdfPageTask>(drawPdfPage, { blocking: true });
