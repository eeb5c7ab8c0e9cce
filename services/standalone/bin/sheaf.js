#!/usr/bin/env node
// Plain JavaScript that old versions of Node can run: it finds a Node that can run the rest, or says what is needed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const wanted = [22, 18];

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > wanted[0] || (major === wanted[0] && minor >= wanted[1]);
}

if (isNewEnough(process.versions.node)) {
  // Node 22 warns that it runs TypeScript; nobody can do anything about it here.
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning, ...rest) => {
    const type = typeof rest[0] === 'object' ? rest[0]?.type : rest[0];
    if (type !== 'ExperimentalWarning') emitWarning(warning, ...rest);
  };
  await import('../src/main.ts');
} else {
  runOnPinnedNode();
}

function runOnPinnedNode() {
  const pinned = ['../node_modules/node/bin/node', '../../../node_modules/node/bin/node']
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((place) => existsSync(place));
  if (!pinned) {
    console.error('Sheaf needs Node 22.18 or newer; run it through npm, which uses the pinned one.');
    process.exit(1);
  }
  const child = spawn(pinned, process.argv.slice(1), { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; only the child decides what follows. Other signals are passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
