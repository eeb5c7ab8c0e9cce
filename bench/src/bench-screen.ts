import { createUser } from '@sheaf/standalone/create-user';
import { openPage, signInByCookie } from '../../test/harness/page.ts';
import { startBrowser } from '../../test/harness/start-browser.ts';
import type { BenchSystem } from './bench-system.ts';
import { percentile } from './measure.ts';

const changes = 60;

interface ScreenFigures {
  changes: number;
  /** From the statement that changes a download to the change on the screen of a browser that has its page open. */
  delayMs: { p50: number; p95: number; max: number };
}

/** One page of a download in a browser, and progress that is written as a worker does. */
export async function benchScreen({ url, db }: BenchSystem): Promise<ScreenFigures> {
  const as = { email: 'screen@example.com', password: 'a password for the screen' };
  await createUser(db, { ...as, name: 'Screen', role: 'requester' });
  const [row] = await db.orm.execute<{ id: string }>(
    `insert into downloads (id, requester_id, name, request, state, background, included, excluded, bytes_total,
       entries_total, lease_until, worker_id, started_at, step_started_at)
     select gen_random_uuid(), id, 'Watched', '{"format":"zip"}', 'packing', true, 1, 0, 1000, 1000,
       now() + interval '1 hour', 'bench', now(), now() from users where email = '${as.email}'
     returning id`,
  );
  const browser = await startBrowser();
  try {
    const { page } = await openPage(browser, url, { storageState: await signInByCookie(browser, url, as) });
    await page.goto(`/downloads/${row!.id}`);
    await page.getByText('0 of 1,000 files').waitFor();
    const delays: number[] = [];
    for (let n = 1; n <= changes; n += 1) {
      const shown = page.evaluate<number>(`new Promise((resolve) => {
        const look = () => document.body.textContent.includes(' ${n} of 1,000 files')
          ? resolve(performance.timeOrigin + performance.now()) : requestAnimationFrame(look);
        look();
      })`);
      // So that changes fall anywhere between two looks.
      await page.waitForTimeout(100 + Math.random() * 300);
      const written = performance.timeOrigin + performance.now();
      await db.orm.execute(`update downloads set entries_done = ${n}, bytes_done = ${n} where id = '${row!.id}'`);
      delays.push((await shown) - written);
    }
    return {
      changes,
      delayMs: { p50: percentile(delays, 0.5), p95: percentile(delays, 0.95), max: Math.max(...delays) },
    };
  } finally {
    await browser.close();
  }
}
