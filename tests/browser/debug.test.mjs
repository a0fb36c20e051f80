// Local debug mode: every HTTPS page of the demo shows the toolbar, without a key.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newPage, startBrowser, startDemo } from './support.mjs';

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

// A page whose toolbar has nothing to remember.
async function open(path, origin = demo.https) {
  const page = await newPage(browser.context);
  await page.goto(`${origin}/demo.css`);
  await page.evaluate(() => localStorage.clear());
  page.complaints.length = 0;
  const response = await page.goto(origin + path, { waitUntil: 'load' });
  return { page, response, toolbar: page.locator('debug-toolbar') };
}

describe('debug mode', () => {
  it('says the news on the closed bar', async () => {
    const { page, toolbar } = await open('/people/fathers');
    assert.equal(await toolbar.count(), 1);
    const bar = toolbar.locator('.bar');
    assert.ok(await bar.isVisible());
    assert.match(await bar.innerText(), /51 queries, [\d.]+ ms/);
    assert.match(await bar.innerText(), /50 x similar/);
    assert.ok(!(await toolbar.locator('.window').isVisible()));
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  it('carries the id of the response', async () => {
    const { page, response, toolbar } = await open('/people');
    const id = (await response.allHeaders())['debug-toolbar-id'];
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal(await toolbar.getAttribute('data-id'), id);
    assert.match(await toolbar.locator('.bar').innerText(), /1 query, [\d.]+ ms/);
    await page.close();
  });

  it('opens to the queries, folded and unfolded', async () => {
    const { page, toolbar } = await open('/people/fathers');
    await toolbar.locator('.bar').click();
    assert.ok(await toolbar.locator('.window').isVisible());
    const panel = toolbar.getByRole('tabpanel', { name: /SQL/ });
    assert.ok(await panel.isVisible());
    const folded = panel.getByText('50 x similar').first();
    assert.ok(await folded.isVisible());
    assert.match(await panel.innerText(), /SELECT name FROM person WHERE id = \?1/);
    assert.match(await panel.innerText(), /father_name/);
    await folded.click();
    await page.waitForFunction(() => {
      const text = document.querySelector('debug-toolbar').shadowRoot.querySelector('.panels').innerText;
      return (text.match(/\?1 = /g) ?? []).length >= 50;
    });
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  it('shows the time panel', async () => {
    const { page, toolbar } = await open('/people');
    await toolbar.locator('.bar').click();
    await toolbar.getByRole('tab', { name: /Time/ }).click();
    const panel = toolbar.getByRole('tabpanel', { name: /Time/ });
    assert.ok(await panel.isVisible());
    assert.match(await panel.innerText(), /User CPU/i);
    await page.close();
  });

  it('is worked by keyboard, and Escape closes it', async () => {
    const { page, toolbar } = await open('/people');
    await toolbar.locator('.bar').focus();
    await page.keyboard.press('Enter');
    assert.ok(await toolbar.locator('.window').isVisible());
    await toolbar.getByRole('tab').first().focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await toolbar.getByRole('tab').nth(1).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Escape');
    assert.ok(!(await toolbar.locator('.window').isVisible()));
    await page.close();
  });

  it('remembers that it is open', async () => {
    const { page, toolbar } = await open('/people');
    await toolbar.locator('.bar').click();
    await page.goto(`${demo.https}/people/fathers`, { waitUntil: 'load' });
    assert.ok(await page.locator('debug-toolbar .window').isVisible());
    await page.close();
  });

  it('is on the streamed page too', async () => {
    const { page, toolbar } = await open('/streamed');
    assert.equal(await toolbar.count(), 1);
    assert.ok(await toolbar.locator('.bar').isVisible());
    assert.equal(await page.evaluate(() => document.body.lastElementChild.localName), 'debug-toolbar');
    await page.close();
  });

  it('is on the large page and on the page that is not found', async () => {
    for (const [path, status] of [['/large', 200], ['/nowhere', 404]]) {
      const { page, response, toolbar } = await open(path);
      assert.equal(response.status(), status);
      assert.equal(await toolbar.count(), 1);
      await page.close();
    }
  });

  it('leaves what a page fetches alone, and names it', async () => {
    const { page } = await open('/people');
    const answer = await page.evaluate(async () => {
      const response = await fetch('/api/people.json');
      return {
        id: response.headers.get('debug-toolbar-id'),
        skipped: response.headers.get('debug-toolbar-skipped'),
        people: await response.json(),
      };
    });
    assert.match(answer.id, /^[0-9a-f]{32}$/);
    assert.match(answer.skipped, /^(fetch|content-type)$/);
    assert.ok(JSON.stringify(answer.people).length > 100);
    const record = await page.evaluate(
      async (id) => (await fetch(`/__debug__/requests/${id}.json`)).json(), answer.id);
    assert.equal(record.id, answer.id);
    assert.equal(record.queries.length, 1);
    await page.close();
  });

  it('does not move the page', async () => {
    const { page } = await open('/people');
    const shift = await page.evaluate(() => new Promise((resolve) => {
      new PerformanceObserver((list) => {
        resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0));
      }).observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => resolve(0), 500);
    }));
    assert.equal(shift, 0);
    await page.close();
  });

  it('is never on the plain port', async () => {
    for (const path of ['/', '/people', '/people/fathers', '/streamed']) {
      const { page, response, toolbar } = await open(path, demo.http);
      assert.equal(response.status(), 200);
      assert.equal(await toolbar.count(), 0);
      assert.equal((await response.allHeaders())['debug-toolbar-id'], undefined);
      await page.close();
    }
  });
});

describe('without a script', () => {
  it('is readable, and opens', async () => {
    const quiet = await startBrowser({ javaScriptEnabled: false });
    const page = await newPage(quiet.context);
    await page.goto(`${demo.https}/people/fathers`);
    const toolbar = page.locator('debug-toolbar');
    assert.match(await toolbar.locator('.bar').textContent(), /51 queries, [\d.]+ ms/);
    await toolbar.locator('.bar').click();
    assert.ok(await toolbar.locator('.panels').getByText('50 x similar').first().isVisible());
    await quiet.close();
  });
});
