import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError } from '@sheaf/domain/app-error';

/** A path as the file system has it; bytes where it may not be UTF-8. */
export type FilePath = string | Buffer;

const chunkBytes = 1024 * 1024;

/** Size in bytes and time of the last change. Throws `upload.unreadable` where there is no such readable file. */
export async function statSource(path: FilePath): Promise<{ size: number; modifiedAt: Date }> {
  try {
    const { size, mtime } = await stat(path);
    return { size, modifiedAt: mtime };
  } catch (error) {
    throw unreadableSource(error);
  }
}

/** The file's bytes. Throws `upload.unreadable` where it cannot be opened or read. */
export async function* readSource(path: FilePath, size: number): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: Math.min(chunkBytes, size + 1) });
  } catch (error) {
    throw unreadableSource(error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'it is no longer there',
  EISDIR: 'it is a folder',
};

function unreadableSource(cause: unknown): AppError {
  const systemErrorCode = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const reason = reasons[systemErrorCode] ?? systemErrorCode;
  return new AppError('upload.unreadable', `The file could not be read: ${reason}.`, {
    cause,
    detail: { systemErrorCode },
  });
}
