// How it looks: axe-core over every panel, in both themes, and pictures of all for a person to see.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LARGE, SMALL, axe, check, pictures } from './look.mjs';
import { newPage, ready, startBrowser, startPages } from './support.mjs';

let server;
let browser;

before(async () => {
  server = await startPages();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(values, remembered, size) {
  const page = await newPage(browser.context);
  await page.setViewportSize(size);
  await page.goto(server.page());
  await page.evaluate((line) => localStorage.setItem('debug-toolbar', line), remembered);
  await page.goto(server.page(values));
  const toolbar = await ready(page);
  await page.evaluate(axe);
  return { page, toolbar };
}

const PAGE = { queries: 51, fails: 1 };

describe('the look', () => {
  for (const [name, size] of [['large', LARGE], ['320', SMALL]]) {
    for (const theme of ['light', 'dark']) {
      it(`has no violations, open and closed: ${name}, ${theme}`, async () => {
        const { page, toolbar } = await open(PAGE, `closed - ${theme} bottom 1`, size);
        await check(page, `closed-${name}-${theme}`);
        await toolbar.locator('.bar').click();
        await page.evaluate((url) => fetch(url), server.page({ queries: 2, type: 'text/plain' }));
        await toolbar.getByRole('tab', { name: /Fetches/ }).waitFor({ state: 'attached' });
        for (const tab of await toolbar.getByRole('tab').all()) {
          const id = (await tab.getAttribute('id')).replace('tab-', '');
          await tab.click();
          await check(page, `${id}-${name}-${theme}`);
        }
        assert.deepEqual(page.complaints, []);
        await page.close();
      });
    }
  }

  it('has no violations at the other edges, and with rows unfolded', async () => {
    for (const edge of ['left', 'right', 'top']) {
      const { page, toolbar } = await open(PAGE, `closed panel-sql auto ${edge} 0.5`, LARGE);
      await check(page, `closed-${edge}`);
      await toolbar.locator('.bar').click();
      await toolbar.locator('summary.row').first().click();
      await check(page, `unfolded-${edge}`);
      await page.close();
    }
  });

  it('holds 1,000 queries', async () => {
    const { page, toolbar } = await open({ queries: 1000 }, 'open panel-sql auto bottom 1', LARGE);
    await toolbar.locator('summary.row').first().click();
    assert.match(await toolbar.getByRole('tabpanel').innerText(), /counted, not kept/);
    await page.screenshot({ path: join(pictures, 'thousand.png') });
    await page.close();
  });

  it('is nothing on the page\'s own layout', async () => {
    const measure = async (page) => page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      const { top, width, height } = document.querySelector('main').getBoundingClientRect();
      return [scrollWidth, scrollHeight, top, width, height];
    });
    const { page, toolbar } = await open({ html: '<p>text</p>'.repeat(80) }, 'closed - auto left 0.5', SMALL);
    const before = await measure(page);
    await toolbar.locator('.bar').click();
    assert.deepEqual(await measure(page), before);
    await page.evaluate(() => document.querySelector('debug-toolbar').remove());
    assert.deepEqual(await measure(page), before);
    await page.close();
  });
});
