import { readFile } from 'node:fs/promises';
import type { ImageParameters } from '@sheaf/domain/image-parameters';
import { createRenderer, type Renderer } from '@sheaf/imaging/renderer';
import { residentBytes } from '@sheaf/imaging/resident-bytes';
import sharp from 'sharp';
import { median } from './measure.ts';

const rounds = 5;
const repeats = 6;
/** Pictures at once, on both sides. */
const sideBySide = 2;

const common = { enlarge: false, quality: null, colourSpace: 'srgb', background: null, sharpen: false } as const;
const cases: Record<string, ImageParameters> = {
  smartCrop: { ...common, width: 600, height: 600, fit: 'cover', position: 'attention', format: 'jpeg' },
  crop: { ...common, width: 800, height: 450, fit: 'cover', position: 'centre', format: 'jpeg' },
  whole: { ...common, width: 1_000, height: 1_000, fit: 'inside', position: 'centre', format: 'webp' },
};

/** Renditions on demand, each in a process with limits, beside sharp called directly in this process. */
export async function benchDerivatives(pictures: string[]) {
  const all = Array(repeats).fill(pictures).flat() as string[];
  const renderer = createRenderer({ processes: sideBySide });
  try {
    const first = await timed(() => render(renderer, pictures[0]!, cases.crop!));
    const figures: Record<string, unknown> = { firstMs: Math.round(first * 1_000) };
    for (const [name, parameters] of Object.entries(cases)) figures[name] = await compare(renderer, all, parameters);
    const resident = await Promise.all(renderer.pids().map(residentBytes));
    return { ...figures, residentMegabytes: resident.map((bytes) => bytes && Math.round(bytes / 1e6)) };
  } finally {
    await renderer.close();
  }
}

async function compare(renderer: Renderer, pictures: string[], parameters: ImageParameters) {
  const ours: number[] = [];
  const direct: number[] = [];
  for (let round = 0; round < rounds; round++) {
    direct.push(await timed(() => inTurn(pictures, (path) => renderDirectly(path, parameters))));
    ours.push(await timed(() => inTurn(pictures, (path) => render(renderer, path, parameters))));
  }
  return {
    perSecond: { sharp: pictures.length / median(direct), sheaf: pictures.length / median(ours) },
    timesSharp: median(direct) / median(ours),
  };
}

async function render(renderer: Renderer, path: string, parameters: ImageParameters): Promise<void> {
  const task = { source: { bytes: await readFile(path) }, mediaType: 'image/jpeg', parameters };
  await renderer.render(task, new AbortController().signal);
}

async function renderDirectly(path: string, { width, height, fit, position, format }: ImageParameters): Promise<void> {
  await sharp(await readFile(path))
    .autoOrient()
    .resize({ width: width ?? undefined, height: height ?? undefined, fit, position, withoutEnlargement: true })
    .withIccProfile('srgb')
    .toFormat(format)
    .toBuffer();
}

async function inTurn(pictures: string[], work: (path: string) => Promise<void>): Promise<void> {
  const waiting = pictures.values();
  const take = async () => {
    for (const path of waiting) await work(path);
  };
  await Promise.all(Array.from({ length: sideBySide }, take));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}
