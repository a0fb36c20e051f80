// The history: live, filtered, compared and cleared; and all of it that works without a script.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { newPage, startBrowser, startDemo } from './support.mjs';

let demo;
let browser;
let page;

before(async () => {
  demo = await startDemo('--debug');
  browser = await startBrowser();
  await browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

// Each test begins with an empty history, cleared as a person would do it.
beforeEach(async () => {
  page = await newPage(browser.context);
  await page.goto(`${demo.https}/__debug__/`);
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('No requests yet').waitFor();
});

afterEach(async () => {
  assert.deepEqual(page.complaints, []);
  await page.close();
});

// Requests of another client, so that no page of this browser is in the way.
async function visit(path, options = {}) {
  const response = await browser.context.request.fetch(demo.https + path, options);
  return response.headers()['debug-toolbar-id'];
}

// As if the window had gone behind another one.
const setHidden = (hidden) => page.evaluate((value) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
  document.dispatchEvent(new Event('visibilitychange'));
}, hidden);

const rows = () => page.locator('.requests tbody tr:visible');
const urls = () => rows().locator('.url').allInnerTexts();

describe('the history', () => {
  it('is live: newest first, and what was chosen stays', async () => {
    await visit('/people');
    await rows().first().waitFor();
    await rows().first().getByRole('checkbox').check();
    await visit('/people/fathers');
    await page.locator('tr', { hasText: '/people/fathers' }).waitFor();
    assert.deepEqual(await urls(), ['/people/fathers', '/people']);
    assert.ok(await rows().nth(1).getByRole('checkbox').isChecked());
    assert.match(await rows().first().innerText(), /200\s+[\d.]+ ms\s+51\s+[\d.]+ ms/);
    assert.equal(await page.locator('output').innerText(), '2 requests');
    assert.match(await page.locator('.state').innerText(), /^live/);
  });

  it('asks no more than once a second, and not at all while it is hidden', async () => {
    // A browser of its own, because all its pages share the clock.
    const other = await startBrowser();
    await page.close();
    page = await newPage(other.context);
    await page.clock.install();
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/requests.json')) asked += 1;
    });
    await page.goto(`${demo.https}/__debug__/`);
    for (let round = 1; round <= 3; round += 1) {
      await page.clock.runFor(900);
      assert.equal(asked, round - 1);
      const answer = page.waitForResponse('**/requests.json');
      await page.clock.runFor(100);
      await (await answer).finished();
      // The next one is planned when this one has been read.
      await page.evaluate(() => fetch('/api/people.json').then((response) => response.text()));
    }
    await setHidden(true);
    await page.clock.runFor(60000);
    assert.equal(asked, 3);
    const answer = page.waitForResponse('**/requests.json');
    await setHidden(false);
    await page.clock.runFor(1000);
    await answer;
    await other.close();
  });

  it('says so when the server is gone, asks less often, and comes back', async () => {
    await page.route('**/requests.json', (route) => route.abort());
    await page.getByText('no news from the server; trying again in 2 s').waitFor();
    await page.getByText('trying again in 4 s').waitFor();
    await page.unroute('**/requests.json');
    await page.getByText('live, newest first').waitFor();
    page.complaints = page.complaints.filter((text) => !/net::ERR_FAILED/.test(text));
  });

  it('filters by URL, method, status and time, and keeps that in the address', async () => {
    await visit('/people');
    await visit('/nowhere');
    await visit('/people/new', { method: 'POST', form: {} });
    await page.waitForFunction(() => document.querySelectorAll('.requests tbody tr').length === 3);
    await page.getByLabel('URL').fill('PEOPLE');
    assert.deepEqual(await urls(), ['/people/new', '/people']);
    assert.equal(await page.locator('output').innerText(), '2 of 3 requests');
    await page.getByLabel('Method').selectOption('POST');
    assert.deepEqual(await urls(), ['/people/new']);
    assert.equal(new URL(page.url()).search, '?url=PEOPLE&method=POST');
    await page.reload();
    assert.equal(await page.getByLabel('Method').inputValue(), 'POST');
    assert.deepEqual(await urls(), ['/people/new']);
    await page.getByLabel('Method').selectOption('');
    await page.getByLabel('URL').fill('');
    await page.getByLabel('Status').selectOption('4');
    assert.ok((await urls()).includes('/nowhere'));
    assert.ok(!(await urls()).includes('/people'));
    await page.getByLabel('Time').selectOption('60');
    assert.ok((await urls()).includes('/nowhere'));
    await page.getByLabel('URL').fill('nothing like it');
    assert.ok(await page.getByText('No request matches.').isVisible());
  });

  it('says how much advice there is, and filters by the worst', async () => {
    await visit('/people');
    await visit('/people/fathers');
    await rows().nth(1).waitFor();
    assert.match(await rows().first().locator('td:nth-child(9)').innerText(), /^1 (low|medium|high)$/);
    assert.equal(await rows().nth(1).locator('td:nth-child(9)').innerText(), '');
    await page.getByLabel('Advice').selectOption('1');
    assert.deepEqual(await urls(), ['/people/fathers']);
    assert.equal(new URL(page.url()).search, '?advice=1');
    await rows().first().evaluate((row) => { row.dataset.advice = '2'; });
    await page.getByLabel('Advice').selectOption('2');
    assert.equal(await rows().count(), 1);
    await page.getByLabel('Advice').selectOption('3');
    assert.equal(await rows().count(), 0);
    await page.getByLabel('Advice').selectOption('');
    assert.equal(await rows().count(), 2);
  });

  it('compares two', async () => {
    await visit('/people');
    await visit('/people/fathers');
    await rows().nth(1).waitFor();
    assert.equal(await page.locator('a.compare').getAttribute('aria-disabled'), 'true');
    await rows().nth(0).getByRole('checkbox').check();
    await rows().nth(1).getByRole('checkbox').check();
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.getByRole('heading', { name: 'Two requests compared' }).waitFor();
    const figures = page.locator('.figures');
    assert.match(await figures.getByRole('row', { name: /^Queries/ }).innerText(), /1\s+51\s+\+50/);
    assert.equal(await page.locator('.statements tr.added').count(), 2);
    assert.equal(await page.locator('.statements tr.gone').count(), 1);
    await page.getByRole('link', { name: /fathers/ }).click();
    await page.getByRole('heading', { name: '/people/fathers' }).waitFor();
    assert.equal(await page.locator('debug-toolbar[data-page]').count(), 1);
  });

  it('copies a request as a curl command', async () => {
    await visit("/people?name=O'Neill&a=1");
    await rows().first().getByRole('button', { name: 'curl' }).click();
    await page.getByText('copied', { exact: true }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()),
      `curl '${demo.https}/people?name=O'\\''Neill&a=1'`);
  });

  it('shows a redirected form with the request before it', async () => {
    const answer = await browser.context.request.post(`${demo.https}/people/new`, {
      form: { name: 'Ada', born: '1815', job: '1', father: '' },
    });
    const id = answer.headers()['debug-toolbar-id'];
    await page.goto(`${demo.https}/__debug__/requests/${id}`);
    assert.match(await page.locator('.previous').innerText(), /POST\s+\/people\/new\s+303/);
  });

  it('is polite about what is gone', async () => {
    const answer = await page.goto(`${demo.https}/__debug__/requests/${'0'.repeat(32)}`);
    assert.equal(answer.status(), 404);
    assert.match(await page.locator('main').innerText(),
      /Data for this request is no longer kept\. Please reload the page and try again\./);
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('heading', { name: 'Requests' }).waitFor();
    page.complaints = page.complaints.filter((text) => !/status of 404/.test(text));
  });

  it('has room on a narrow screen, and obeys the theme of the toolbar', async () => {
    await visit('/people/fathers?a-parameter-with-a-long-name=and-a-long-value-without-a-blank');
    await page.setViewportSize({ width: 320, height: 640 });
    await page.evaluate(() => localStorage.setItem('debug-toolbar', 'closed - dark bottom 1'));
    await page.reload();
    await rows().first().waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor),
      'rgb(17, 21, 28)');
    await page.evaluate(() => localStorage.clear());
  });
});

describe('JSON that is opened in the browser', () => {
  it('is a page with the toolbar, and untouched for fetch', async () => {
    const answer = await page.goto(`${demo.https}/api/people.json`);
    assert.match(answer.headers()['content-type'], /^text\/html/);
    assert.match(await page.locator('main > pre').innerText(), /^\[\n {2}\{\n {4}"id": 1,/);
    assert.equal(await page.locator('debug-toolbar').count(), 1);
    const type = await page.evaluate(async () => {
      const response = await fetch('/api/people.json');
      await response.json();
      return response.headers.get('content-type');
    });
    assert.match(type, /^application\/json/);
  });
});

describe('without a script', () => {
  it('lists, opens, compares and clears', async () => {
    await visit('/people/fathers');
    await visit('/people/fathers');
    const quiet = await startBrowser({ javaScriptEnabled: false });
    const plain = await newPage(quiet.context);
    await plain.goto(`${demo.https}/__debug__/`);
    assert.equal(await plain.locator('.requests tbody tr').count(), 2);
    assert.ok(!(await plain.locator('.filters').isVisible()));
    assert.ok(!(await plain.getByRole('checkbox').first().isVisible()));
    await plain.getByRole('link', { name: 'Changes' }).click();
    assert.ok(await plain.getByRole('heading', { name: 'Two requests compared' }).isVisible());
    await plain.goBack();
    await plain.getByRole('link', { name: '/people/fathers' }).first().click();
    assert.ok(await plain.locator('debug-toolbar .panels').getByText('50 x similar').first().isVisible());
    await plain.getByRole('link', { name: 'History' }).click();
    await plain.getByRole('button', { name: 'Clear' }).click();
    assert.equal(await plain.locator('.requests tbody tr').count(), 0);
    await quiet.close();
  });
});
