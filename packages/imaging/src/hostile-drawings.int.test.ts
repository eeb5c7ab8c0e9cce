import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { renderDerivative } from './render-derivative.ts';
import { parameters } from './testing/parameters.ts';
import { halves, pixelAt } from './testing/pictures.ts';

/** A red picture and a text beside the drawing, a server that counts who asks, and a renderer of drawings. */
async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-drawing-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'secret.png'), await halves(100, 100, '#ff0000', '#ff0000').png().toBuffer());
  await writeFile(join(folder, 'secret.txt'), 'MMMMMMMM');
  await writeFile(join(folder, 'red.css'), 'rect { fill: #ff0000 }');
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const drawing = (content: string, doctype = '') =>
    `<?xml version="1.0"?>${doctype}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xi="http://www.w3.org/2001/XInclude" width="100" height="100"><rect width="100" height="100" fill="#fff"/>${content}</svg>`;
  const draw = async (svg: string, by: 'bytes' | 'path') => {
    const path = join(folder, 'drawing.svg');
    await writeFile(path, svg);
    const source = by === 'bytes' ? { bytes: Buffer.from(svg) } : { path };
    const task = { source, mediaType: 'image/svg+xml', parameters: parameters({ width: 100, format: 'png' }) };
    return (await renderDerivative(task)).bytes;
  };
  return { folder, url, drawing, draw, timesAsked: () => asked };
}

/** Whether anything but white was drawn. */
async function isBlank(picture: Buffer): Promise<boolean> {
  const { channels } = await sharp(picture).flatten({ background: '#fff' }).stats();
  return channels.every(({ min }) => min > 250);
}

const ways = ['bytes', 'path'] as const;

test.each(ways)('the test’s drawings show what is inside of them (%s)', async (by) => {
  const { drawing, draw } = await setup();
  const png = (await halves(10, 10, '#ff0000', '#ff0000').png().toBuffer()).toString('base64');
  const shown = await draw(drawing(`<image href="data:image/png;base64,${png}" width="100" height="100"/>`), by);
  expect((await pixelAt(shown, 50, 50)).slice(0, 3)).toEqual([255, 0, 0]);
  const text = '<text y="60" font-size="40">&inside;</text>';
  expect(await isBlank(await draw(drawing(text, '<!DOCTYPE svg [<!ENTITY inside "MMMM">]>'), by))).toBe(false);
});

test.each(ways)('an external entity is not read, and nothing of it is drawn (%s)', async (by) => {
  const { folder, url, drawing, draw, timesAsked } = await setup();
  for (const system of [`file://${folder}/secret.txt`, 'secret.txt', '/etc/passwd', `${url}/entity`]) {
    const doctype = `<!DOCTYPE svg [<!ENTITY outside SYSTEM "${system}">]>`;
    const drawn = await draw(drawing('<text y="60" font-size="40">&outside;</text>', doctype), by).catch(refusal);
    expect(drawn === 'refused' || (await isBlank(drawn as Buffer))).toBe(true);
  }
  const remote = `<!DOCTYPE svg SYSTEM "${url}/drawing.dtd" [<!ENTITY % all SYSTEM "${url}/all"> %all;]>`;
  const drawn = await draw(drawing('', remote), by).catch(refusal);
  expect(drawn === 'refused' || (await isBlank(drawn as Buffer))).toBe(true);
  expect(timesAsked()).toBe(0);
});

test.each(ways)('pictures, styles and parts from outside are neither read nor asked for (%s)', async (by) => {
  const { folder, url, drawing, draw, timesAsked } = await setup();
  for (const place of [`file://${folder}`, '.', folder, url]) {
    const contents = [
      `<image href="${place}/secret.png" width="100" height="100"/>`,
      `<image xlink:href="${place}/secret.png" width="100" height="100"/>`,
      `<style>@import url("${place}/red.css");</style>`,
      `<use href="${place}/other.svg#shape"/>`,
      `<text y="60" font-size="40"><xi:include href="${place}/secret.txt" parse="text"/></text>`,
      `<filter id="f"><feImage href="${place}/secret.png"/></filter><rect width="100" height="100" fill="#fff" filter="url(#f)"/>`,
    ];
    for (const content of contents) {
      const drawn = await draw(drawing(content), by).catch(refusal);
      expect(drawn === 'refused' || (await isBlank(drawn as Buffer)), content).toBe(true);
    }
  }
  expect(timesAsked()).toBe(0);
});

test('entities that multiply are refused', async () => {
  const { drawing, draw } = await setup();
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
  const entities = names.map((name, i) =>
    i === 0 ? `<!ENTITY a "MMMMMMMMMM">` : `<!ENTITY ${name} "${`&${names[i - 1]};`.repeat(10)}">`,
  );
  const svg = drawing('<text y="60">&j;</text>', `<!DOCTYPE svg [${entities.join('')}]>`);
  await expect(draw(svg, 'bytes')).rejects.toMatchObject({ code: 'render.failed' });
});

const refusal = (error: { code?: string }): 'refused' => {
  expect(error.code).toBe('render.failed');
  return 'refused';
};
