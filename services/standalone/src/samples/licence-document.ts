import { PDFDocument, type PDFFont, type PDFPage, StandardFonts } from 'pdf-lib';

export interface LicenceTerms {
  title: string;
  /** One line below the title. */
  subtitle: string;
  sections: { heading: string; text: string }[];
}

const page = { width: 595, height: 842, margin: 64 };
const lineFactor = 1.4;

/** A licence's terms as a PDF of A4 pages. The same terms give the same bytes, for their hash is what people accept. */
export async function licenceDocument(terms: LicenceTerms): Promise<Uint8Array> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  pdf.setTitle(terms.title);
  pdf.setCreationDate(new Date(0));
  pdf.setModificationDate(new Date(0));
  const regular = await pdf.embedFont(StandardFonts.Helvetica);
  const bold = await pdf.embedFont(StandardFonts.HelveticaBold);
  let sheet: PDFPage = pdf.addPage([page.width, page.height]);
  let y = page.height - page.margin;

  function paragraph(text: string, font: PDFFont, size: number, gap: number): void {
    for (const line of wrap(text, font, size, page.width - 2 * page.margin)) {
      if (y < page.margin) {
        sheet = pdf.addPage([page.width, page.height]);
        y = page.height - page.margin;
      }
      sheet.drawText(line, { x: page.margin, y, font, size });
      y -= size * lineFactor;
    }
    y -= gap;
  }

  paragraph(terms.title, bold, 20, 4);
  paragraph(terms.subtitle, regular, 11, 20);
  for (const [index, section] of terms.sections.entries()) {
    paragraph(`${index + 1}. ${section.heading}`, bold, 12, 2);
    paragraph(section.text, regular, 11, 12);
  }
  return pdf.save();
}

function wrap(text: string, font: PDFFont, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && font.widthOfTextAtSize(longer, size) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
