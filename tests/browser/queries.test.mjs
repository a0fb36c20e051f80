// The SQL panel's controls: filter, order, copy and plan.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newPage, ready, startBrowser, startPages } from './support.mjs';

let server;
let browser;

before(async () => {
  server = await startPages();
  browser = await startBrowser({ permissions: ['clipboard-read', 'clipboard-write'] });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(values) {
  const page = await newPage(browser.context);
  await page.goto(server.page());
  await page.evaluate(() => localStorage.setItem('debug-toolbar', 'open panel-sql auto bottom 1'));
  await page.goto(server.page(values));
  const toolbar = await ready(page);
  return { page, toolbar, entries: toolbar.locator('.queries > tbody > tr:visible') };
}

describe('the SQL panel', () => {
  it('filters as one types', async () => {
    const { page, toolbar, entries } = await open({ queries: 51, fails: 1 });
    const filter = toolbar.getByLabel('Filter queries');
    assert.equal(await entries.count(), 3);
    for (const [words, count] of [['INSERT', 1], ['select', 2], ['select where', 1], ['rows>100', 1],
      ['rows<100 select', 1], ['>100000ms', 0], ['>0ms', 3], ['nothing like it', 0], ['', 3]]) {
      await filter.fill(words);
      assert.equal(await entries.count(), count, words);
      assert.equal(await toolbar.locator('.found').innerText(), words && `${count} of 3 shown`);
    }
    await toolbar.getByRole('button', { name: 'Duplicates 20' }).click();
    assert.equal(await entries.count(), 1);
    assert.match(await entries.innerText(), /50 x similar/);
    await toolbar.getByRole('button', { name: 'Duplicates 20' }).click();
    assert.equal(await entries.count(), 3);
    await page.close();
  });

  it('picks the slow ones, and offers no duplicates where there are none', async () => {
    // So slow that on a busy machine the others are not.
    const { page, toolbar, entries } = await open({ queries: 2, sleeps: 1000 });
    assert.equal(await entries.count(), 3);
    await toolbar.getByRole('button', { name: 'Slow 1' }).click();
    assert.equal(await entries.count(), 1);
    assert.match(await entries.innerText(), /SELECT sleep/);
    assert.ok(await toolbar.getByRole('button', { name: 'Duplicates 0' }).isDisabled());
    await page.close();
  });

  it('clears the filter with Escape, and only then closes', async () => {
    const { page, toolbar, entries } = await open({ queries: 51 });
    await toolbar.getByLabel('Filter queries').fill('nothing');
    await page.keyboard.press('Escape');
    assert.equal(await entries.count(), 2);
    assert.ok(await toolbar.locator('.window').isVisible());
    await page.keyboard.press('Escape');
    assert.ok(!(await toolbar.locator('.window').isVisible()));
    await page.close();
  });

  it('sorts by order, rows and time, both ways', async () => {
    const { page, toolbar, entries } = await open({ queries: 51, fails: 1 });
    const numbers = (key) => entries.evaluateAll((all, name) => all.map((row) => Number(
      (row.matches('.row') ? row : row.querySelector('.row')).dataset[name] ?? 0)), key);
    const sorted = (list, sign) => [...list].sort((a, b) => sign * (a - b));
    for (const [name, key] of [['Rows', 'rows'], ['Time', 'ms']]) {
      const heading = toolbar.getByRole('columnheader', { name });
      await heading.getByRole('button').click();
      assert.equal(await heading.getAttribute('aria-sort'), 'descending');
      assert.deepEqual(await numbers(key), sorted(await numbers(key), -1));
      await heading.getByRole('button').click();
      assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
      assert.deepEqual(await numbers(key), sorted(await numbers(key), 1));
      assert.equal(await toolbar.locator('[aria-sort]').count(), 1);
    }
    await toolbar.getByRole('columnheader', { name: '#' }).getByRole('button').click();
    assert.deepEqual(await numbers('n'), [1, 2, 52]);
    await page.close();
  });

  it('keeps its head in sight, with no row above it', async () => {
    const { page, toolbar } = await open({ queries: 51, fails: 1 });
    await toolbar.locator('summary.row').nth(1).click();
    await toolbar.locator('#panel-sql-content').evaluate((content) => { content.scrollTop = 300; });
    const content = await toolbar.locator('#panel-sql-content').boundingBox();
    const heading = await toolbar.getByRole('columnheader', { name: 'Rows' }).boundingBox();
    assert.equal(heading.y, content.y);
    await page.close();
  });

  it('copies what can be run', async () => {
    const { page, toolbar } = await open({ queries: 2 });
    await toolbar.locator('summary.row').last().click();
    await toolbar.getByRole('button', { name: 'Copy query 2' }).click();
    await toolbar.getByRole('button', { name: 'Copy query 2' }).filter({ hasText: 'Copied' }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()),
                 'SELECT name FROM person WHERE id = 1');
    await page.close();
  });

  it('shows the plan', async () => {
    const { page, toolbar } = await open({ queries: 2 });
    await toolbar.locator('summary.row').last().click();
    const button = toolbar.getByRole('button', { name: 'Plan of query 2' });
    await button.click();
    await toolbar.locator('.plan li').getByText('SEARCH person USING INTEGER PRIMARY KEY').waitFor();
    assert.equal(await button.getAttribute('aria-expanded'), 'true');
    await button.click();
    assert.equal(await toolbar.locator('.plan').count(), 0);
    await page.route('**/plan', (route) => route.fulfill({ status: 500 }));
    await button.click();
    await toolbar.locator('.plan').getByText('500: Internal Server Error').waitFor();
    assert.equal((await toolbar.locator('.plan').count()), 1);
    await page.close();
  });
});
