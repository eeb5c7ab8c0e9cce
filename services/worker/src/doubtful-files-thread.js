/**
 * Looks at the sizes of files with synchronous calls, in a thread of its own. JavaScript, and imports nothing but Node's
 * own: a thread that runs TypeScript loads a compiler of its own first.
 *
 * @typedef {import('./doubtful-files.ts').FilesToLookAt} FilesToLookAt
 * @typedef {import('./doubtful-files.ts').FileThreadWork} FileThreadWork
 */
import { statSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** @type {FileThreadWork} */
const shared = workerData;
/** `pathSeparator`. */
const separator = '\0';

/** @type {number[]} */
const doubtful = [];
let looked = 0;

/**
 * @param {string} path
 * @param {number | undefined} size
 */
function isAsExpected(path, size) {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size === size;
  } catch {
    // Why is for whoever asks again to say.
    return false;
  }
}

parentPort?.on('message', (/** @type {FilesToLookAt} */ files) => {
  if (files === null) {
    parentPort?.postMessage(doubtful);
    return;
  }
  for (const [index, path] of files.paths.split(separator).entries()) {
    if (!isAsExpected(path, files.sizes[index])) doubtful.push(looked + index);
    Atomics.add(shared.looked, 0, 1);
  }
  looked += files.sizes.length;
});
