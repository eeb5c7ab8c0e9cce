import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { checkPdf } from './check-pdf.ts';
import { bombPdf, encryptedPdf, samplePdf } from './testing/pdf-samples.ts';

const check = (bytes: Buffer, parseSeconds = 30) =>
  checkPdf(Readable.from([bytes]), { startSeconds: 30, parseSeconds });
const refusal = (text: RegExp) =>
  expect.objectContaining({ code: 'upload.unreadable', message: expect.stringMatching(text) });

test('a whole PDF is taken, with one page and with many', async () => {
  await check(samplePdf());
  await check(samplePdf({ pages: 300 }));
});

test.each([
  ['text under the header of a PDF', Buffer.from('%PDF-1.7\nterms\n%%EOF\n'), /damaged/],
  ['a PDF that ends in the middle of a page', samplePdf().subarray(0, 150), /damaged/],
  ['a PDF whose last lines are missing', samplePdf({ pages: 3 }).subarray(0, -12), /incomplete/],
  [
    'a PDF with a page that is not there',
    Buffer.from(samplePdf({ pages: 3 }).toString().replace('4 0 R', '9 0 R')),
    /damaged/,
  ],
  ['a PDF without pages', samplePdf({ pages: 0 }), /no pages/],
  ['a PDF under a password', encryptedPdf('secret'), /encrypted/],
  ['a PDF under restrictions only', encryptedPdf(), /encrypted/],
])('%s is refused, with a reason for people', async (_name, bytes, text) => {
  await expect(check(bytes)).rejects.toThrow(refusal(text));
});

test('a PDF that makes the parser hang is given up after the time limit', async () => {
  await expect(check(bombPdf(20_000_000), 0.2)).rejects.toThrow(refusal(/too long/));
});

test('a PDF that fills the memory ends its own process only', async () => {
  await expect(check(bombPdf(12_000_000), 60)).rejects.toThrow(refusal(/too much memory/));
});

test('a check that does not come about is no verdict on the PDF', async () => {
  const large = Buffer.alloc(5_000_000);
  await expect(checkPdf(Readable.from([large]), { startSeconds: 0, parseSeconds: 1 })).rejects.toThrow(
    expect.objectContaining({ code: 'service.unavailable', retryable: true }),
  );
});

test('where the PDF cannot be read from where it is stored, that is the error', async () => {
  const gone = new Error('the disk is away');
  await expect(checkPdf(Readable.from(failing(gone)))).rejects.toBe(gone);
});

async function* failing(error: Error): AsyncGenerator<Buffer> {
  yield Buffer.from('%PDF-');
  throw error;
}
