/**
 * Writes or compares batches of an archive with synchronous calls, in a thread of their own. Node's asynchronous reads and
 * writes cost two to five times as much here: it is the hops between threads that cost, not the bytes.
 *
 * JavaScript, and imports nothing but Node's own: a thread that runs TypeScript loads a compiler of its own first, which
 * costs more than 100 ms and several megabytes.
 *
 * @typedef {import('./archive-thread-messages.ts').BatchMessage} BatchMessage
 * @typedef {import('./archive-thread-messages.ts').BatchReply} BatchReply
 * @typedef {import('./archive-thread-messages.ts').Problem} Problem
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { crc32 } from '@node-rs/crc32';

/** @type {import('./archive-thread-messages.ts').ThreadWork} */
const { archive, compare, shared, bufferBytes, fieldsOfPiece } = workerData;
/** `stoppedPlace` and `stepsPlace`. */
const [stoppedPlace, stepsPlace] = [0, 1];
/** With room for the byte by which a file can be longer than was recorded. */
const buffer = Buffer.allocUnsafeSlow(bufferBytes + 1);

class Refusal extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.kind);
    this.problem = problem;
  }
}

/** Before everything that changes the archive: who waited too long for a read may have given it up by now. */
function goOn() {
  Atomics.add(shared, stepsPlace, 1);
  if (Atomics.load(shared, stoppedPlace) !== 0) throw new Refusal({ kind: 'stopped' });
}

/** @param {string} file */
function openBlob(file) {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if (error.code === 'ENOENT') throw new Refusal({ kind: 'missing' });
    throw error;
  }
}

/**
 * Bytes up to the next write's end. Writes end at multiples of their size, since the kernel keeps one that begins elsewhere
 * in several smaller pieces of memory.
 *
 * @param {number} position
 */
function roomAt(position) {
  return bufferBytes - (position % bufferBytes);
}

/**
 * Gathers what is small into one write, which is most of what an archive of small files costs.
 *
 * @param {BatchMessage} batch
 * @param {BatchReply} reply
 */
function writeBatch(batch, reply) {
  let position = batch.start;
  let filled = 0;
  let room = roomAt(position);

  function flush() {
    for (let done = 0; done < filled; ) {
      goOn();
      done += writeSync(archive, buffer, done, filled - done, position + done);
    }
    position += filled;
    filled = 0;
    room = roomAt(position);
  }

  /** @param {Uint8Array} bytes */
  function takeLiteral(bytes) {
    for (let taken = 0; taken < bytes.length; ) {
      const step = bytes.subarray(taken, taken + room - filled);
      buffer.set(step, filled);
      filled += step.length;
      taken += step.length;
      if (filled === room) flush();
    }
  }

  /**
   * @param {string} file
   * @param {number} offset
   * @param {number} size
   * @param {boolean} last Whether the file has to end there.
   */
  function takeBlob(file, offset, size, last) {
    let checksum = 0;
    const blob = openBlob(file);
    try {
      for (let taken = 0; taken < size; ) {
        const wanted = Math.min(size - taken, room - filled);
        // A regular file that gives one byte less than it was asked for is at its end.
        const beyond = last && wanted === size - taken ? 1 : 0;
        const read = readSync(blob, buffer, filled, wanted + beyond, offset + taken);
        Atomics.add(shared, stepsPlace, 1);
        if (read === 0 || read > wanted) throw new Refusal({ kind: 'size', size: fstatSync(blob).size });
        checksum = crc32(buffer.subarray(filled, filled + read), checksum);
        filled += read;
        taken += read;
        if (filled === room) flush();
      }
    } finally {
      closeSync(blob);
    }
    return checksum;
  }

  let literalsTaken = 0;
  let blobsTaken = 0;
  for (let i = 0; i < batch.pieces.length; i += fieldsOfPiece) {
    reply.piece = i / fieldsOfPiece;
    const [size, offset, wholeSize] = batch.pieces.subarray(i, i + fieldsOfPiece);
    if (offset < 0) {
      takeLiteral(batch.literals.subarray(literalsTaken, literalsTaken + size));
      literalsTaken += size;
    } else {
      const last = offset + size === wholeSize;
      reply.checksums[blobsTaken] = takeBlob(batch.files[blobsTaken], offset, size, last);
      blobsTaken += 1;
    }
  }
  flush();
}

/**
 * Holds what the archive has against the batch: its own bytes one by one, those of files by their checksum.
 *
 * @param {BatchMessage} batch
 * @param {BatchReply} reply
 */
function compareBatch(batch, reply) {
  let position = batch.start;
  let literalsTaken = 0;
  let blobsTaken = 0;
  for (let i = 0; i < batch.pieces.length; i += fieldsOfPiece) {
    reply.piece = i / fieldsOfPiece;
    const [size, offset] = batch.pieces.subarray(i, i + fieldsOfPiece);
    const literal = offset < 0;
    let checksum = 0;
    for (let taken = 0; taken < size; ) {
      const read = readSync(archive, buffer, 0, Math.min(size - taken, bufferBytes), position);
      if (read === 0) throw new Refusal({ kind: 'size', size: position });
      const bytes = buffer.subarray(0, read);
      if (!literal) {
        checksum = crc32(bytes, checksum);
      } else {
        if (!bytes.equals(batch.literals.subarray(literalsTaken, literalsTaken + read))) {
          throw new Refusal({ kind: 'different' });
        }
        literalsTaken += read;
      }
      taken += read;
      position += read;
      goOn();
    }
    if (!literal) {
      reply.checksums[blobsTaken] = checksum;
      blobsTaken += 1;
    }
  }
}

/**
 * @param {any} error
 * @returns {Problem}
 */
function problemOf(error) {
  if (error instanceof Refusal) return error.problem;
  const { message, code, errno, syscall, path } = error;
  return { kind: 'system', message, properties: { code, errno, syscall, path } };
}

parentPort.on('message', (/** @type {BatchMessage} */ batch) => {
  /** @type {BatchReply} */
  const reply = { checksums: new Uint32Array(batch.files.length), piece: 0, problem: null };
  try {
    goOn();
    if (compare) compareBatch(batch, reply);
    else writeBatch(batch, reply);
  } catch (error) {
    reply.problem = problemOf(error);
  }
  parentPort.postMessage(reply);
});
