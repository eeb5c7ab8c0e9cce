import multipart, { type Multipart } from '@fastify/multipart';
import { AppError } from '@sheaf/domain/app-error';
import type { FastifyRequest } from 'fastify';
import type { App } from './api-deps.ts';
import { invalidInput } from './schema-validator.ts';

/** Text fields of a form; a file's own limit is its reader's business. */
const limits = { files: 1, fields: 20, parts: 22, fieldSize: 10_000, fieldNameSize: 100, headerPairs: 100 };

/** Lets routes of this scope take `multipart/form-data`, which is streamed and never kept in memory as a whole. */
export async function acceptUploads(app: App): Promise<void> {
  await app.register(multipart, { limits: { ...limits, fileSize: Number.MAX_SAFE_INTEGER } });
}

/** A form with one file, of which the file has not been read yet. */
export interface Upload {
  /** What came before the file. */
  fields: Record<string, string>;
  file: {
    name: string;
    /** Ends with the form, and not before all of it has come; throws `input.invalid` where something follows the file. */
    stream: AsyncIterable<Uint8Array>;
  } | null;
}

/**
 * Reads a form up to its file and runs `work` with it. Where that fails, the rest of the body is let run dry: a client
 * that is still sending could else neither read the answer nor use its connection again, and nor could we close it.
 */
export async function withUpload<R>(request: FastifyRequest, work: (upload: Upload) => Promise<R>): Promise<R> {
  try {
    return await work(await readUpload(request));
  } catch (error) {
    request.raw.unpipe();
    request.raw.resume();
    throw error;
  }
}

/**
 * Reads a form up to its file, which has to be its last part and named `file`. Throws `input.media_type` where the body
 * is no form, `input.invalid` for a form of another shape.
 */
async function readUpload(request: FastifyRequest): Promise<Upload> {
  if (!request.isMultipart()) throw new AppError('input.media_type', 'This call takes multipart/form-data.');
  const parts = request.parts();
  const fields: Record<string, string> = {};
  for (;;) {
    const { value: part } = await parts.next();
    if (part === undefined) return { fields, file: null };
    if (part.type === 'file') {
      if (part.fieldname !== 'file') {
        part.file.resume();
        throw invalidInput([{ path: `/${part.fieldname}`, message: 'is a file, but only `file` may be one' }]);
      }
      return { fields, file: { name: part.filename ?? '', stream: untilEndOfForm(part.file, parts) } };
    }
    if (part.valueTruncated || part.fieldnameTruncated || typeof part.value !== 'string') {
      throw invalidInput([{ path: `/${part.fieldname}`, message: 'is too long' }]);
    }
    fields[part.fieldname] = part.value;
  }
}

/**
 * The client may take its time with what comes after the file as well. Whoever reads the file waits for that too, so
 * that nobody has to wait for a client later, while holding a transaction.
 */
async function* untilEndOfForm(
  file: AsyncIterable<Uint8Array>,
  parts: AsyncIterator<Multipart>,
): AsyncGenerator<Uint8Array> {
  yield* file;
  const { value: next } = await parts.next();
  if (next === undefined) return;
  if (next.type === 'file') next.file.resume();
  throw invalidInput([{ path: `/${next.fieldname}`, message: 'must come before the file' }]);
}
