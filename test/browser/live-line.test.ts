import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { builtScreens } from './built-screens.ts';
import { startStubServer } from './stub-server.ts';
import { aTurnAt, aWorld } from './turns.fixtures.ts';
import { openWatchedPage } from './watched-page.ts';

const TURN = '/p/flights/turns/2';

let browser: Browser;

beforeAll(async () => {
  builtScreens();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
});

describe('the line of changes', () => {
  it('is one for all tabs of a browser, and passes on when the tab that holds it is closed', async () => {
    const server = await startStubServer(aWorld({ turns: new Map([[2, aTurnAt('data')]]) }));
    const context = await browser.newContext();
    const lines: string[] = [];
    context.on('request', (request) => {
      if (request.url().endsWith('/api/v1/events')) lines.push(request.url());
    });
    const [first, second] = [await context.newPage(), await context.newPage()];
    for (const page of [first, second]) {
      await page.goto(`${server.url}${TURN}`);
      await page.getByText('open now').waitFor();
    }
    const move = async (stage: 'training' | 'gate'): Promise<void> => {
      const turn = aTurnAt(stage);
      server.world.turns.set(2, turn);
      await server.ring(turn);
      await second.getByRole('listitem').filter({ hasText: stage }).getByText('open now').waitFor();
    };
    await move('training');
    expect(lines).toHaveLength(1);
    await first.close();
    await expect.poll(() => lines.length).toBe(2);
    await move('gate');
    await context.close();
    await server.close();
  });

  it('says since when it is away, keeps what is shown, and catches up when it is back', async () => {
    const world = aWorld({ turns: new Map([[2, aTurnAt('data')]]) });
    const server = await startStubServer(world);
    const watched = await openWatchedPage(browser, `${server.url}${TURN}`);
    await watched.page.getByText('open now').waitFor();
    await server.close();
    await watched.page.getByText(/live updates paused since \d\d:\d\d/).waitFor({ timeout: 20_000 });
    expect(await watched.page.getByText('open now').count()).toBe(1);
    expect(await watched.seriousFindings()).toEqual([]);
    world.turns.set(2, aTurnAt('end'));
    const again = await startStubServer(world, Number(new URL(server.url).port));
    await watched.page.getByRole('heading', { level: 1 }).getByText('promoted').waitFor({ timeout: 20_000 });
    await watched.page.getByText(/live updates paused/).waitFor({ state: 'detached' });
    await watched.close();
    await again.close();
  });
});

describe('what the browser loads', () => {
  const folder = builtScreens();
  const sizeOf = (ending: string): number => {
    const names = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith(ending));
    return names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, 'assets', name)), { level: 9 }).length, 0);
  };

  it('is at most 230 kB of script and 15 kB of style, compressed', () => {
    expect(sizeOf('.js')).toBeGreaterThan(50_000);
    expect(sizeOf('.js')).toBeLessThanOrEqual(230_000);
    expect(sizeOf('.css')).toBeLessThanOrEqual(15_000);
  });

  it('has nothing inline', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8');

    expect(html).not.toMatch(/<style|style=|<script(?![^>]* src=)| on[a-z]+=/);
  });
});
