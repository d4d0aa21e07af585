import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GyreError } from '#kernel';
import { launchBrowser } from './browser.ts';
import { builtScreens } from './built-screens.ts';
import { type StubServer, startStubServer } from './stub-server.ts';
import { aTurnAt, aWorld } from './turns.fixtures.ts';
import { openWatchedPage, type WatchedPage } from './watched-page.ts';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 400, height: 860 };
const TURN = '/p/flights/turns/2';
const TURNS = '/p/flights/turns';
/** How far page or content reach beyond what is seen of them, in pixels. */
const OVERFLOW =
  "Math.max(...['html', 'main'].map((name) => { const box = document.querySelector(name); return box.scrollWidth - box.clientWidth; }))";

let browser: Browser;
let server: StubServer;
let open: WatchedPage[] = [];

beforeAll(async () => {
  builtScreens();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
});

beforeEach(async () => {
  server = await startStubServer(aWorld());
});

afterEach(async () => {
  for (const watched of open) await watched.close();
  open = [];
  await server.close();
});

async function visit(path: string, options: Parameters<typeof openWatchedPage>[2] = { viewport: WIDE }): Promise<WatchedPage> {
  const watched = await openWatchedPage(browser, `${server.url}${path}`, options);
  open.push(watched);
  // A key pressed before the frame stands would go nowhere.
  await watched.page.locator('#main').waitFor({ state: 'attached' });
  return watched;
}

describe('every screen', () => {
  const looks = [WIDE, NARROW].flatMap((viewport) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ viewport, colorScheme })),
  );
  const cases = ['/', TURNS, TURN].flatMap((path) => looks.map((look) => ({ path, ...look })));
  const whole = `${TURN}?evidence=all`;

  it.each([
    ...cases,
    { path: whole, viewport: WIDE, colorScheme: 'light' as const },
    { path: whole, viewport: NARROW, colorScheme: 'dark' as const },
  ])(
    'is accessible, breaks no policy and does not scroll sideways: $path $colorScheme $viewport.width',
    async ({ path, ...look }) => {
      const watched = await visit(path, look);

      expect(await watched.seriousFindings()).toEqual([]);
      expect(await watched.complaints()).toEqual([]);
      expect(await watched.page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
      expect(await watched.page.locator('h1').count()).toBe(1);
    },
  );

  it.each(['/', TURN, TURNS])('is whole with text of twice the size, and at 320 pixels: %s', async (path) => {
    const { page } = await visit(path, { viewport: { width: 320, height: 700 } });

    expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
    await page.setViewportSize(WIDE);
    await page.evaluate("document.documentElement.style.fontSize = '200%'");
    expect(await page.evaluate(OVERFLOW)).toBeLessThanOrEqual(0);
  });

  it('keeps its marks where the system forces its own colours', async () => {
    const { page } = await visit('/', { viewport: WIDE, forcedColors: 'active' });
    const colours = await page.locator('.mark').evaluateAll((marks) => marks.map((mark) => getComputedStyle(mark).color));

    expect(colours.length).toBeGreaterThan(4);
    expect(new Set(colours).size).toBe(1);
  });

  it('says at its place what failed, under which request id, and tries again', async () => {
    server.world.failure = new GyreError({ kind: 'unavailable', code: 'sql/busy', message: 'the store is busy' });
    const watched = await visit('/');
    const alert = watched.page.getByRole('alert');

    await alert.getByText('the store is busy').waitFor();
    expect(await alert.textContent()).toMatch(/sql\/busy · request [0-9a-f]{32}/);
    expect(await watched.seriousFindings()).toEqual([]);
    server.world.failure = undefined;
    await alert.getByRole('button', { name: 'Try again' }).click();
    await watched.page.getByRole('heading', { level: 1, name: /1 healthy/ }).waitFor();
    expect(await watched.complaints()).toEqual([]);
  });

  it('keeps what it shows when a later read fails, and says that it may be old', async () => {
    const { page } = await visit(TURN);
    server.world.failure = new GyreError({ kind: 'unavailable', code: 'sql/busy', message: 'the store is busy' });
    await server.ring(aTurnAt('end'));

    await page.getByText('This may be out of date: the store is busy').waitFor();
    expect(await page.getByText('superior').count()).toBe(1);
  });

  it('says that an address leads nowhere', async () => {
    for (const path of ['/p/flights/turns/99', '/nowhere/at/all']) {
      const { page } = await visit(path);
      await page.getByRole('heading', { level: 1, name: 'Not found' }).waitFor();
    }
  });
});

describe('home', () => {
  it('answers in its first line and leads to the reason', async () => {
    const { page } = await visit('/');

    const answer = await page.getByRole('heading', { level: 1 }).textContent();
    expect((answer ?? '').replace(/\s+/g, ' ').trim()).toBe('1 healthy, 1 at risk, 1 undecided, 1 failing; 2 things need you.');
    await page.getByRole('link', { name: /turn 1 held/ }).click();
    await page.getByRole('heading', { level: 1, name: /Turn 1/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/p/flights/turns/1');
  });

  it('tells each picture in words, and shows it as a table', async () => {
    const { page } = await visit('/');
    await page.getByRole('img', { name: 'roc_auc 0.663 ± 0.004, wanted at least 0.65: reached' }).waitFor();
    await page.getByRole('img', { name: 'log_loss of cancellations: rises from 0.19 to 0.218 over 8 windows' }).waitFor();
    await page.keyboard.press('t');

    await page.getByRole('table', { name: 'Objective by window' }).waitFor();
    expect(new URL(page.url()).search).toBe('?view=table');
  });

  it('gives commands to copy where nothing is served yet', async () => {
    server.world.home = { rows: [], needsYou: [], changed: [] };
    const watched = await visit('/', { viewport: WIDE, permissions: ['clipboard-read', 'clipboard-write'] });
    await watched.page.getByRole('button', { name: 'Copy npx gyre demo' }).click();

    expect(await watched.page.evaluate('navigator.clipboard.readText()')).toBe('npx gyre demo');
    expect(await watched.seriousFindings()).toEqual([]);
  });
});

describe('a turn', () => {
  it('follows the server without a reload', async () => {
    server.world.turns.set(2, aTurnAt('training'));
    const watched = await visit(TURN);
    const { page } = watched;
    await page.getByRole('listitem').filter({ hasText: 'training' }).getByText('open now').waitFor();
    await page.evaluate("globalThis.isSamePage = 'yes'");
    for (const stage of ['gate', 'rollout', 'end'] as const) {
      const turn = aTurnAt(stage);
      server.world.turns.set(2, turn);
      await server.ring(turn);
      if (stage !== 'end') await page.getByRole('listitem').filter({ hasText: stage }).getByText('open now').waitFor();
    }

    await page.getByRole('heading', { level: 1 }).getByText('promoted').waitFor();
    expect(await page.evaluate('globalThis.isSamePage')).toBe('yes');
    expect(await watched.complaints()).toEqual([]);
  });

  it('is walked by keys, and the address keeps where one is', async () => {
    const { page } = await visit(TURN);
    const gate = page.getByRole('table', { name: 'Reasons of the gate' });
    await gate.waitFor();
    await page.keyboard.press('k');
    await page.getByRole('table', { name: 'Trained candidates' }).waitFor();
    expect(new URL(page.url()).search).toBe('?stage=training');
    await page.keyboard.press('j');
    await gate.waitFor();
    await page.keyboard.press('e');
    await gate.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?stage=gate&evidence=0');
    await page.reload();
    await page.getByRole('button', { name: 'Evidence of gate' }).waitFor();
    expect(await gate.count()).toBe(0);
    await page.keyboard.press('a');
    await page.getByRole('table', { name: 'Guards at 50 %' }).waitFor();
  });

  it('shows why the gate decided, value by value, and copies what stands behind a number', async () => {
    const { page } = await visit(TURN, { viewport: WIDE, permissions: ['clipboard-read', 'clipboard-write'] });
    const row = page.getByRole('row').filter({ hasText: 'champion below objective' });

    expect(await row.textContent()).toMatch(/undecided\s*0\.651 ± 0\.004\s*0\.65\s*68\D120/);
    await row.getByRole('button', { name: /0\.651/ }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('0.6512');
    await page.getByText('0.6512; 0.6471 to 0.6553 (95 %, day-bootstrap(14 days), n = 68').waitFor();
  });

  it('names the rule of each stage to come, and what was absorbed', async () => {
    server.world.turns.set(2, aTurnAt('training'));
    const { page } = await visit(`${TURN}?stage=trigger`);

    await page.getByText('will be decided by: traffic moves in steps while guards hold').waitFor();
    await page.getByText('the schedule of 28 days came due').waitFor();
  });

  it('is aborted only with a reason, and says so', async () => {
    server.world.turns.set(2, aTurnAt('rollout'));
    const watched = await visit(TURN);
    const { page } = watched;
    const button = page.getByRole('button', { name: 'Abort turn 2…' });
    await button.click();
    const dialog = page.getByRole('dialog', { name: 'Abort turn 2 of keep-punctual?' });
    await dialog.getByText('goes back to what served before').waitFor();
    expect(await watched.seriousFindings()).toEqual([]);
    await dialog.getByRole('button', { name: 'Abort turn 2' }).click();
    await dialog.getByText('A reason is needed').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    await button.click();
    await dialog.getByLabel('Why, for the record').fill('wrong data');
    await dialog.getByRole('button', { name: 'Abort turn 2' }).click();

    await page.locator('.answer').getByText('the turn was aborted: aborted by local-owner: wrong data').waitFor();
    expect(await dialog.count()).toBe(0);
    expect(await watched.complaints()).toEqual([]);
  });

  it('keeps the dialog and shows the problem when the server refuses', async () => {
    server.world.turns.set(2, aTurnAt('rollout'));
    const { page } = await visit(TURN);
    await page.getByRole('button', { name: 'Abort turn 2…' }).click();
    server.world.refusal = new GyreError({ kind: 'conflict', code: 'loops/turn-ended', message: 'turn 2 has ended already' });
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why, for the record').fill('too slow');
    await dialog.getByRole('button', { name: 'Abort turn 2' }).click();

    await dialog.getByText('turn 2 has ended already').waitFor();
  });
});

describe('the list of turns', () => {
  it('is filtered by words in the address, and says when nothing is left', async () => {
    const { page } = await visit(TURNS);
    // A key pressed before the list stands would go nowhere.
    await page.getByRole('link', { name: 'turn 2' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('held');
    await page.getByRole('link', { name: 'turn 2' }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?q=held');
    await page.keyboard.type(' nobody');
    await page.getByText('No turn matches').waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await page.getByRole('link', { name: 'turn 2' }).waitFor();
  });

  it('is walked by keys and opened by one', async () => {
    const { page } = await visit(TURNS);
    await page.getByRole('link', { name: 'turn 2' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.waitForURL('**?sel=1');
    await page.keyboard.press('o');

    await page.getByRole('heading', { level: 1, name: /Turn 1/ }).waitFor();
  });
});

describe('the frame', () => {
  it('goes by keys: two for a screen, one for the map, ⌘K for everything', async () => {
    const watched = await visit(TURN);
    const { page } = watched;
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByRole('heading', { level: 1, name: /1 healthy/ }).waitFor();
    await page.keyboard.press('?');
    const map = page.getByRole('dialog', { name: 'Keys of this page' });
    await map.getByText('Show history as a table').waitFor();
    expect(await watched.seriousFindings()).toEqual([]);
    await page.keyboard.press('Escape');
    await map.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to a screen or do something' }).fill('turns');
    expect(await watched.seriousFindings()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Turns of flights' }).waitFor();
    expect(await watched.complaints()).toEqual([]);
  });

  it('has single keys that can be switched off', async () => {
    const { page } = await visit('/');
    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: 'Single keys act' }).uncheck();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('t');

    expect(new URL(page.url()).search).toBe('');
  });

  it('shows all times in one zone, and in UTC on request, also after a reload', async () => {
    const { page } = await visit(TURN);
    const began = page.getByRole('main').locator('time').first();

    expect(await began.textContent()).toContain('20 Nov');
    expect(await began.textContent()).toContain('09:00');
    await page.getByRole('button', { name: /Times in UTC/ }).click();
    expect(await began.textContent()).toContain('08:00');
    await page.reload();
    expect(await began.textContent()).toContain('08:00');
    expect(await began.getAttribute('title')).toBe('2026-11-20T08:00:00Z');
  });

  it('keeps the colours that a person chose', async () => {
    const { page } = await visit('/', { viewport: WIDE, colorScheme: 'light' });
    await page.getByRole('button', { name: 'Colours: system; switch to light' }).click();
    await page.getByRole('button', { name: 'Colours: light; switch to dark' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Colours: dark; switch to system' }).waitFor();

    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe('rgb(14, 17, 22)');
  });

  it('lets a keyboard skip to the content', async () => {
    const { page } = await visit('/');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');

    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });
});
