import { parseArgs } from 'node:util';
import { loadConfig } from '@sheaf/runtime/load-config';
import { openInstallation } from '@sheaf/standalone/open-installation';
import { seedDatabase } from './seed-database.ts';

/**
 * `npm run bench:seed -- [--downloads 1000000] [--assets 100000]`: fills the empty database of an installation of its own,
 * in ./data-bench or where DATA_DIR says, or the one that DATABASE_URL names. `DATA_DIR=data-bench npm start` shows it.
 */
const { values } = parseArgs({
  options: {
    downloads: { type: 'string', default: '1000000' },
    assets: { type: 'string', default: '100000' },
  },
});
const size = { downloads: count('downloads'), assets: count('assets') };
const settings = loadConfig({ DATA_DIR: 'data-bench', ...process.env });
const installation = await openInstallation(settings, (line) => console.error(line));
try {
  const seconds = await seedDatabase(installation.databaseUrl, size, (line) => console.error(line));
  console.log(JSON.stringify({ ...size, seconds: Math.round(seconds) }));
} finally {
  await installation.close();
}

function count(name: keyof typeof values): number {
  const value = Number(values[name]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} takes a whole number, at least 1.`);
  return value;
}
