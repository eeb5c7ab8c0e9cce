// Runs after every `npm install` and `npm ci`: builds the dashboard where all that this takes is installed, which is
// not so with `--omit=dev`. Plain JavaScript that old versions of Node can run, as npm may come with one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const isInstalled = (name) =>
  ['../dashboard/node_modules/', '../node_modules/'].some((folder) =>
    existsSync(new URL(`${folder}${name}/package.json`, import.meta.url)),
  );

const manifest = JSON.parse(readFileSync(new URL('../dashboard/package.json', import.meta.url), 'utf8'));
if (Object.keys(manifest.devDependencies).every(isInstalled)) {
  const { status } = spawnSync('npm', ['run', 'build', '-w', 'dashboard'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
