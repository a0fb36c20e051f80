// Libraries that swap pages without loading them: the toolbar stays and shows the new request.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
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

async function open(values) {
  const page = await newPage(browser.context);
  await page.goto(server.page());
  await page.evaluate(() => localStorage.setItem('debug-toolbar', 'open panel-time auto bottom 1'));
  await page.goto(server.page(values));
  return { page, toolbar: await ready(page) };
}

async function expectNext(page, toolbar, queries) {
  await page.getByText('the next page', { exact: true }).waitFor();
  await toolbar.getByRole('tab', { name: new RegExp(`^SQL\\s+${queries},`) }).waitFor();
  assert.equal(await toolbar.count(), 1);
  assert.equal(await page.evaluate(() => document.body.lastElementChild.localName), 'debug-toolbar');
  assert.ok(await toolbar.getByRole('tabpanel', { name: 'Time' }).isVisible());
  assert.deepEqual(page.complaints, []);
}

const next = (head, queries) => server.page({
  head, html: '<p>the next page</p><a href="/page?html=third">third</a>', queries,
});

const libraries = {
  'htmx 2': ['<script src="/file/htmx2/dist/htmx.js"></script>', 'hx-boost="true"'],
  'htmx 4': ['<script src="/file/htmx.org/dist/htmx.js"></script>', 'hx-boost:inherited="true"'],
  Turbo: ['<script src="/file/@hotwired/turbo/dist/turbo.es2017-umd.js"></script>', ''],
};

describe('page swaps', () => {
  for (const [name, [head, attributes]] of Object.entries(libraries)) {
    it(`by ${name} keep the toolbar and update it`, async () => {
      const { page, toolbar } = await open({
        head, html: `<div ${attributes}><a href="${next(head, 5).replaceAll('&', '&amp;')}">next</a></div>`, queries: 1,
      });
      await page.evaluate(() => { window.same = true; });
      await page.getByRole('link', { name: 'next' }).click();
      await expectNext(page, toolbar, 5);
      assert.ok(await page.evaluate(() => window.same), 'the page was loaded, not swapped');
      assert.equal(await toolbar.getByRole('tab', { name: 'Fetches' }).count(), 1);
      await page.goBack();
      await page.getByRole('link', { name: 'next' }).waitFor();
      await toolbar.waitFor({ state: 'attached' });
      assert.equal(await toolbar.count(), 1);
      await page.close();
    });
  }

  it('with an element of the new page\'s own take its contents over', async () => {
    const { page, toolbar } = await open({ queries: 1 });
    const html = await (await browser.context.request.get(next('', 4))).text();
    assert.match(html, /<debug-toolbar/);
    await page.evaluate((text) => {
      /* What such a library does: parses the page, adopts its body, runs its scripts. */
      const fresh = new DOMParser().parseFromString(text, 'text/html');
      document.body.replaceWith(document.adoptNode(fresh.body));
      for (const old of document.body.querySelectorAll('script')) {
        const script = document.createElement('script');
        for (const { name, value } of old.attributes) script.setAttribute(name, value);
        old.replaceWith(script);
      }
      document.dispatchEvent(new CustomEvent('turbo:render'));
    }, html);
    await expectNext(page, toolbar, 4);
    await page.close();
  });

  it('are noticed without events when the new element\'s script runs', async () => {
    const { page, toolbar } = await open({ queries: 1 });
    const html = await (await browser.context.request.get(next('', 6))).text();
    await page.evaluate((text) => {
      const fresh = new DOMParser().parseFromString(text, 'text/html');
      document.body.replaceWith(document.adoptNode(fresh.body));
      const old = document.querySelector('debug-toolbar script');
      const script = document.createElement('script');
      script.src = old.src;
      old.replaceWith(script);
    }, html);
    await expectNext(page, toolbar, 6);
    await page.close();
  });

  it('of a part of the page are fetches like others', async () => {
    const { page, toolbar } = await open({
      head: libraries['htmx 2'][0], queries: 2,
      html: `<div hx-get="${server.page({ html: '<p>part</p>', queries: 3 }).replaceAll('&', '&amp;')}" hx-select="main">press</div>`,
    });
    await page.getByText('press', { exact: true }).click();
    await page.getByText('part', { exact: true }).waitFor();
    await toolbar.getByRole('tab', { name: /Fetches\s+1/ }).waitFor();
    assert.match(await toolbar.getByRole('tab', { name: /^SQL/ }).innerText(), /2,/);
    assert.equal(await toolbar.count(), 1);
    await page.close();
  });
});
