import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page whose complaints are collected: refused by the content policy, thrown, or written to the console as an error. */
export interface WatchedPage {
  readonly page: Page;
  /** What was complained of so far; problems that the server answered with on purpose are left out. */
  complaints(): Promise<readonly string[]>;
  /** What axe finds that is serious or critical. */
  seriousFindings(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The browser writes these itself for every answer that is no success. */
const ANSWER_LINE = /^Failed to load resource/;

/** Opens a page in a context of its own. */
export async function openWatchedPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options });
  await context.addInitScript(() => {
    const refused: string[] = [];
    Object.assign(globalThis, { refused });
    document.addEventListener('securitypolicyviolation', (event) => {
      refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !ANSWER_LINE.test(message.text())) complaints.push(message.text());
  });
  await page.goto(url);
  await page.locator('h1').waitFor();
  return {
    page,
    complaints: async () => [...complaints, ...(await page.evaluate<string[]>('globalThis.refused'))],
    seriousFindings: async () => {
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).exclude('[data-base-ui-focus-guard]').analyze();
      const serious = violations.filter((finding) => finding.impact === 'serious' || finding.impact === 'critical');
      return serious.map((finding) => `${finding.id}: ${finding.nodes.map((node) => node.html).join(' | ')}`);
    },
    close: async () => {
      await context.close();
    },
  };
}
