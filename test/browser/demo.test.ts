import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { runDemo } from '#demo';
import { startTestServer, type TestServer } from '../fixtures/server.ts';
import { launchBrowser } from './browser.ts';
import { builtScreens } from './built-screens.ts';
import { openWatchedPage, type WatchedPage } from './watched-page.ts';

const PATIENCE_MS = 90_000;

const tell = (lines: readonly string[]): void => {
  onTestFailed(() => {
    process.stderr.write(`the demo said:\n${lines.join('\n')}\n`);
  });
};

describe('the screens, while real flights go round the loop', () => {
  let browser: Browser;
  let server: TestServer;
  let home: WatchedPage;
  let demo: Promise<void>;
  /** What the demo said: shown when a test fails. */
  const lines: string[] = [];

  beforeAll(async () => {
    builtScreens();
    browser = await launchBrowser();
    server = await startTestServer();
    home = await openWatchedPage(browser, server.url, { viewport: { width: 1280, height: 800 } });
    demo = runDemo({
      url: server.url,
      scale: 'tiny',
      output: { note: (line) => lines.push(line), answer: (line) => lines.push(line) },
    });
    demo.catch((error: unknown) => lines.push(String(error)));
  }, PATIENCE_MS);

  afterAll(async () => {
    await home.close();
    await browser.close();
    await server.close();
  }, PATIENCE_MS);

  it('begin without a model and show the first one as soon as it is served, without a reload', async () => {
    tell(lines);
    await home.page.getByRole('heading', { level: 1, name: /No model is served yet|The one model is/ }).waitFor();
    await home.page.evaluate("globalThis.isSamePage = 'yes'");
    await home.page.getByRole('cell', { name: /flights v1 → flights/ }).waitFor({ timeout: PATIENCE_MS });

    expect(await home.page.evaluate('globalThis.isSamePage')).toBe('yes');
  });

  it('show the whole first turn with the evidence that the server keeps', async () => {
    tell(lines);
    await home.page
      .getByRole('link', { name: /turn 1 promoted/ })
      .first()
      .click({ timeout: PATIENCE_MS });
    const { page } = home;
    await page.getByRole('heading', { level: 1, name: /Turn 1.*promoted/ }).waitFor();
    const turn = await server.client.loops.getTurn({ project: 'flights', turn: '1' });
    const gate = turn.stages.find((stage) => stage.stage === 'gate');
    // Written by the gate; its form is in the contract of evaluations.
    const { reasons } = (gate?.evidence ?? {}) as { readonly reasons: readonly { readonly text: string }[] };

    expect(reasons.length).toBeGreaterThan(2);
    for (const reason of reasons) await page.getByRole('cell', { name: reason.text, exact: true }).waitFor();
    await page.keyboard.press('a');
    for (const table of ['Dataset versions', 'Trained candidates', 'Guards at 100 %'])
      await page.getByRole('table', { name: table }).waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'best' }).textContent()).toContain('run ');
    expect(await home.seriousFindings()).toEqual([]);
  });

  it(
    'follow requests and outcomes until the demo has ended, and break no policy',
    async () => {
      tell(lines);
      const { page } = home;
      await page.keyboard.press('g');
      await page.keyboard.press('h');
      await demo;
      const { rows } = await server.client.loops.home();
      const row = rows[0];
      await page.getByRole('heading', { level: 1, name: new RegExp(`The one model is ${row?.health ?? ''}`) }).waitFor();

      await page.getByRole('cell', { name: row?.reason ?? 'nothing' }).waitFor();
      expect(await page.getByRole('img', { name: /^roc_auc of flights: / }).count()).toBe(1);
      expect(await home.seriousFindings()).toEqual([]);
      expect(await home.complaints()).toEqual([]);
      expect(await page.evaluate('globalThis.isSamePage')).toBe('yes');
    },
    PATIENCE_MS,
  );
});
