import { fileURLToPath } from 'node:url';

/** For the environment of a process of ours: where Node keeps what it has compiled. A third less of the processor for a start. */
export const compileCache = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/sheaf-tests', import.meta.url)),
};
