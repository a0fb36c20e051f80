// axe-core over the demo's panels and the toolbar's own pages, in both themes and two sizes.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LARGE, SMALL, axe, check } from './look.mjs';
import { newPage, ready, startBrowser, startDemo } from './support.mjs';

let demo;
let browser;

before(async () => {
  demo = await startDemo('--debug');
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function visit(path, theme, size) {
  const page = await newPage(browser.context);
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme });
  const response = await page.goto(demo.https + path, { waitUntil: 'load' });
  await page.evaluate(axe);
  return { page, id: response.headers()['debug-toolbar-id'] };
}

describe('the demo and the own pages', () => {
  for (const [name, size] of [['large', LARGE], ['320', SMALL]]) {
    for (const theme of ['light', 'dark']) {
      it(`have no violations: ${name}, ${theme}`, async () => {
        const pages = [];
        for (const path of ['/people/fathers', '/people', '/people/fathers?again']) {
          const { page, id } = await visit(path, theme, size);
          pages.push(id);
          if (path === '/people') {
            const toolbar = await ready(page);
            await toolbar.locator('.bar').click();
            for (const tab of await toolbar.getByRole('tab').all()) {
              const panel = (await tab.getAttribute('id')).replace('tab-', '');
              await tab.click();
              await check(page, `demo-${panel}-${name}-${theme}`);
            }
            await page.evaluate(() => localStorage.clear());
          }
          await page.close();
        }
        const own = {
          history: '/__debug__/',
          request: `/__debug__/requests/${pages[0]}`,
          compare: `/__debug__/compare/${pages[1]}/${pages[0]}`,
          gone: `/__debug__/requests/${'0'.repeat(32)}`,
          json: '/api/people.json',
          start: '/',
          tips: '/tips',
          mistake: '/tips/9/dont',
          better: '/tips/12/do',
        };
        for (const [what, path] of Object.entries(own)) {
          const { page } = await visit(path, theme, size);
          await check(page, `own-${what}-${name}-${theme}`, 'html');
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), what);
          await page.close();
        }
      });
    }
  }
});
