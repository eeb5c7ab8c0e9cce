/**
 * Looks at the sizes of files with synchronous calls, in a thread of its own. JavaScript, and imports nothing but Node's
 * own: a thread that runs TypeScript loads a compiler of its own first.
 *
 * @typedef {import('./doubtful-files.ts').ExpectedFile} ExpectedFile
 */
import { statSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** @param {ExpectedFile} file */
function isAsExpected({ path, size }) {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size === size;
  } catch {
    // Why is for whoever asks again to say.
    return false;
  }
}

/** @type {ExpectedFile[]} */
const files = workerData;
parentPort?.postMessage(files.flatMap((file, index) => (isAsExpected(file) ? [] : [index])));
