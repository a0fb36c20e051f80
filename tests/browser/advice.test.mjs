// From advice to its queries and back, with mouse and keys, in a page and on the request's own.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LARGE, SMALL, axe, check } from './look.mjs';
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

async function open(panel, url = server.page({ queries: 31 }), size = LARGE, theme = 'light') {
  const page = await newPage(browser.context);
  await page.setViewportSize(size);
  await page.goto(server.page());
  await page.evaluate((line) => localStorage.setItem('debug-toolbar', line),
                      `open panel-${panel} ${theme} bottom 1`);
  await page.goto(url);
  return { page, toolbar: await ready(page) };
}

// The number of the row or heading that has the focus, and that it can be seen.
async function focused(toolbar) {
  const focus = toolbar.locator(':focus');
  assert.equal(await focus.count(), 1);
  await focus.evaluate((node) => new Promise((resolve, reject) => {
    new IntersectionObserver(([entry]) => {
      if (entry.isIntersecting) resolve();
      else reject(new Error('out of sight'));
    }).observe(node);
  }));
  return `${await focus.evaluate((node) => node.tagName)} ${await focus.getAttribute('data-n')}`;
}

// There may be more advice about one query.
const toQuery = (toolbar, number) => toolbar.getByRole('link', { name: `#${number}`, exact: true }).first();

const selected = (toolbar) => toolbar.locator('[role=tab][aria-selected=true] span').innerText();

async function followAdvice(page, toolbar) {
  const address = page.url();
  await toQuery(toolbar, 9).click();
  assert.equal(await selected(toolbar), 'SQL');
  assert.equal(await focused(toolbar), 'TR 9');
  assert.equal(page.url(), address);
  const link = toolbar.getByRole('link', { name: 'query_in_loop' });
  const number = (await link.getAttribute('href')).replace('#panel-advice-', '');
  await link.click();
  assert.equal(await selected(toolbar), 'Advice');
  assert.equal(await focused(toolbar), `H3 ${number}`);
  assert.equal(page.url(), address);
}

describe('advice', () => {
  it('leads to its queries, and they lead back', async () => {
    const { page, toolbar } = await open('advice');
    await followAdvice(page, toolbar);
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  it('does so on the request\'s own page', async () => {
    const { page: first } = await open('advice');
    const id = await first.locator('debug-toolbar').getAttribute('data-id');
    const { page, toolbar } = await open('advice', `${server.origin}/__debug__/requests/${id}`);
    await followAdvice(page, toolbar);
    await page.close();
    await first.close();
  });

  it('does so with keys', async () => {
    const { page, toolbar } = await open('advice');
    await toQuery(toolbar, 2).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await focused(toolbar), 'TR 3');
    await page.keyboard.press('Tab');
    assert.equal(await toolbar.locator(':focus').getAttribute('aria-label'), 'Copy query 3');
    await page.close();
  });

  it('finds what is filtered out', async () => {
    const { page, toolbar } = await open('sql');
    await toolbar.getByLabel('Filter queries').fill('nothing like it');
    assert.equal(await toolbar.locator('.queries > tbody > tr:visible').count(), 0);
    await toolbar.getByRole('tab', { name: /Advice/ }).click();
    await toQuery(toolbar, 4).click();
    assert.equal(await focused(toolbar), 'TR 4');
    await page.close();
  });

  it('does so among 1,000 queries, of which 500 have rows', async () => {
    const { page, toolbar } = await open('advice', server.page({ queries: 1000 }));
    await followAdvice(page, toolbar);
    await page.close();
  });

  it('is marked on the statement, and in no other row', async () => {
    const { page, toolbar } = await open('sql');
    assert.equal(await toolbar.locator('.row .badge', { hasText: 'query_in_loop' }).count(), 1);
    assert.match(await toolbar.locator('summary.row').last().innerText(), /30 x similar.*query_in_loop/);
    await page.close();
  });

  it('shows in place how much faster an index is', async () => {
    const { page, toolbar } = await open('advice', server.page({ scans: 1 }));
    const link = toolbar.getByRole('link', { name: 'Prove it on a copy' });
    const plan = toolbar.locator('p > .plan');
    const json = JSON.parse(await (await page.request.get(await link.evaluate((a) => a.href))).text());
    assert.equal(json.create, 'CREATE INDEX reading_person_idx ON reading(person);');
    await link.click();
    await plan.getByText('SEARCH reading USING').waitFor();
    assert.match(await plan.innerText(), /120\d{3} steps\s+SCAN reading\s+[\d]{3} steps\s+SEARCH/);
    assert.equal(await link.getAttribute('aria-expanded'), 'true');
    await page.evaluate(axe);
    await check(page, 'advice-proof');
    await link.click();
    assert.equal(await plan.count(), 0);
    await page.reload();
    assert.match(await toolbar.getByRole('tabpanel').innerText(), /Tried on a copy of your data: 120\d{3} steps became/);
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  it('has no violations with all of it unfolded', async () => {
    for (const [name, size, theme] of [['large', LARGE, 'dark'], ['320', SMALL, 'light']]) {
      const { page, toolbar } = await open('advice', server.page({ queries: 60 }), size, theme);
      await page.evaluate(axe);
      for (const fold of await toolbar.getByText('Silence it').all()) await fold.click();
      assert.match(await toolbar.getByRole('tabpanel').innerText(),
                   /toolbar:ignore query_in_loop \*\/[^]*"rule:query_in_loop",\n"sql:#[0-9a-f]{16}",/);
      await check(page, `advice-silence-${name}`);
      await toQuery(toolbar, 9).click();
      await check(page, `advice-link-${name}`);
      await page.close();
    }
  });
});
