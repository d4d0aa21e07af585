/**
 * Writes docs/pictures: the newest promoted turn of a finished demo, light and dark, as the README shows it.
 * Run: npm run demo -- --exit --data DIR, then: node --conditions=source scripts/take-pictures.ts DIR
 */
import { fileURLToPath } from 'node:url';
import { createClient } from '#client';
import { startServer } from '../src/main/server.ts';
import { launchBrowser } from '../test/browser/browser.ts';

const [dataFolder = '.gyre/demo-full'] = process.argv.slice(2);
const project = 'flights';
const server = await startServer({ dataFolder, port: 0, host: '127.0.0.1', logLevel: 'error' });
const browser = await launchBrowser();
try {
  const { items } = await createClient({ url: server.url }).loops.listTurns({ project });
  const turn = items.find(({ outcome }) => outcome === 'promoted');
  if (turn === undefined) throw new Error(`no turn of ${dataFolder} was promoted`);
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme, timezoneId: 'UTC' });
    await page.goto(`${server.url}/p/${project}/turns/${String(turn.number)}?stage=gate`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForTimeout(500);
    await page.screenshot({ path: fileURLToPath(new URL(`../docs/pictures/turn-${colorScheme}.png`, import.meta.url)) });
  }
} finally {
  await browser.close();
  await server.close();
}
