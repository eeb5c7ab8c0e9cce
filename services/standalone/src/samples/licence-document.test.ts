import { PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';
import { licenceDocument } from './licence-document.ts';
import { sampleLicences } from './sample-catalogue.ts';

test('the same terms give the same bytes, since their hash is what people accept', async () => {
  const { terms } = sampleLicences.archive;
  expect(Buffer.from(await licenceDocument(terms))).toEqual(Buffer.from(await licenceDocument(terms)));
});

test('other terms give other bytes', async () => {
  const [archive, agency] = [sampleLicences.archive.terms, sampleLicences.agency.terms];
  expect(Buffer.from(await licenceDocument(archive))).not.toEqual(Buffer.from(await licenceDocument(agency)));
});

test('long terms go on over further pages', async () => {
  const sections = Array.from({ length: 40 }, (_, index) => ({
    heading: `Section ${index}`,
    text: 'word '.repeat(60),
  }));
  const pdf = await PDFDocument.load(await licenceDocument({ title: 'Long', subtitle: 'Terms', sections }));
  expect(pdf.getPageCount()).toBeGreaterThan(2);
  expect(pdf.getTitle()).toBe('Long');
});
