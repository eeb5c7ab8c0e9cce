import { PDFDocument, StandardFonts } from 'pdf-lib';

const page = { width: 595, height: 842, margin: 48, caption: 32 };

/** A PDF with a title and JPEG pictures below each other, each with its caption. The same input gives the same bytes. */
export async function pictureSheet(
  title: string,
  pictures: { jpeg: Uint8Array; caption: string }[],
): Promise<Uint8Array> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  pdf.setTitle(title);
  pdf.setCreationDate(new Date(0));
  pdf.setModificationDate(new Date(0));
  const regular = await pdf.embedFont(StandardFonts.Helvetica);
  const bold = await pdf.embedFont(StandardFonts.HelveticaBold);
  const sheet = pdf.addPage([page.width, page.height]);
  const top = page.height - page.margin - 40;
  sheet.drawText(title, { x: page.margin, y: page.height - page.margin - 16, font: bold, size: 18 });
  const slot = (top - page.margin) / pictures.length;
  for (const [index, { jpeg, caption }] of pictures.entries()) {
    const picture = await pdf.embedJpg(jpeg);
    const { width, height } = picture.scaleToFit(page.width - 2 * page.margin, slot - page.caption);
    const bottom = top - slot * index - height;
    sheet.drawImage(picture, { x: page.margin, y: bottom, width, height });
    sheet.drawText(caption, { x: page.margin, y: bottom - 16, font: regular, size: 10 });
  }
  return pdf.save();
}
