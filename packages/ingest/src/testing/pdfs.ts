/** A PDF of one page, 300 by 400 points: red on its left half, blue on its right one; to be opened with a password. */
export function onePagePdf({ encrypted = false } = {}): Buffer {
  const content = '1 0 0 rg 0 0 150 400 re f 0 0 1 rg 150 0 150 400 re f';
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 4 0 R/Resources<<>>>>',
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
    `<</Filter/Standard/V 1/R 2/P -4/O<${'41'.repeat(32)}>/U<${'42'.repeat(32)}>>>`,
  ];
  const body = objects.map((object, i) => `${i + 1} 0 obj${object}endobj\n`);
  const offsets = body.map((_, i) => `%PDF-1.4\n${body.slice(0, i).join('')}`.length);
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const start = `%PDF-1.4\n${body.join('')}`;
  const encrypt = encrypted ? `/Encrypt 5 0 R/ID[<${'43'.repeat(16)}><${'43'.repeat(16)}>]` : '';
  const count = objects.length + 1;
  return Buffer.from(
    `${start}xref\n0 ${count}\n0000000000 65535 f \n${table}trailer<</Size ${count}/Root 1 0 R${encrypt}>>\nstartxref\n${start.length}\n%%EOF\n`,
    'latin1',
  );
}
