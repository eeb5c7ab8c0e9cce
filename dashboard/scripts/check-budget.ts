import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** What the portal's first page may make a browser fetch and run before it is there, in bytes of gzip. */
const budget = 120_000;

const dashboard = fileURLToPath(new URL('..', import.meta.url));
const output = path.join(dashboard, '.svelte-kit/output/client');
const nodes = path.join(dashboard, '.svelte-kit/generated/build/client-optimized/nodes');
const manifestPath = path.join(output, '.vite/manifest.json');

/** What is loaded for `/assets`, from SvelteKit's start to the page, and the English texts. */
const first = [
  'src/routes/+layout.svelte',
  'src/routes/(in)/+layout.svelte',
  'src/routes/(in)/(portal)/+layout.svelte',
  'src/routes/(in)/(portal)/assets/+page.svelte',
];
const texts = 'src/lib/i18n/en/portal.ts';

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
}

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs),
  );

const builtAt = statSync(manifestPath, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const changedAt = Math.max(
  newest(path.join(dashboard, 'src')),
  newest(path.join(dashboard, 'static')),
  statSync(path.join(dashboard, 'vite.config.ts')).mtimeMs,
  statSync(path.join(dashboard, 'package.json')).mtimeMs,
);
if (builtAt < changedAt) {
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'build'], { cwd: dashboard, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The dashboard does not build:\n${stdout}\n${stderr}`);
}

const manifest: Record<string, Chunk> = JSON.parse(readFileSync(manifestPath, 'utf8'));

/** The manifest knows layouts and pages by numbers; each number's file says whose it is. */
function nodeOf(source: string): string {
  const name = readdirSync(nodes).find((file) => readFileSync(path.join(nodes, file), 'utf8').includes(`/${source}"`));
  const key = Object.keys(manifest).find((key) => name && key.endsWith(`/client-optimized/nodes/${name}`));
  if (!key) throw new Error(`The build has no ${source}; this script has to learn where the first page went.`);
  return key;
}

const entries = Object.keys(manifest).filter((key) => manifest[key]!.isEntry && !key.includes('/nodes/'));
const found = new Set<string>();
function take(key: string): void {
  if (found.has(key)) return;
  found.add(key);
  for (const imported of manifest[key]?.imports ?? []) take(imported);
}
for (const key of [...entries, ...first.map(nodeOf), texts]) {
  if (!manifest[key]) throw new Error(`The build has no ${key}.`);
  take(key);
}
// The client itself, which its entry imports when the page has been read.
const client = Object.keys(manifest).find((key) => key.endsWith('/runtime/client/client-entry.js'));
if (client) take(client);

const sizes = [...found]
  .map((key) => ({
    file: manifest[key]!.file,
    bytes: gzipSync(readFileSync(path.join(output, manifest[key]!.file))).length,
  }))
  .sort((a, b) => b.bytes - a.bytes);
const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
const inKilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`;

console.log(`Initial JavaScript of the portal's first page: ${inKilobytes(total)} gzip of ${inKilobytes(budget)}.`);
if (total > budget || process.argv.includes('--list')) {
  for (const { file, bytes } of sizes) console.log(`  ${inKilobytes(bytes).padStart(9)}  ${file}`);
}
if (total > budget) {
  console.error('That is too much: import what is not needed at once when it is needed.');
  process.exitCode = 1;
}
