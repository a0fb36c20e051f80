// What a page fetches: listed as it happens, opened in place, and nothing the page could notice.
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

async function open(values = {}) {
  const page = await newPage(browser.context);
  await page.goto(server.page());
  await page.evaluate(() => localStorage.setItem('debug-toolbar', 'open - auto bottom 1'));
  await page.goto(server.page(values));
  return { page, toolbar: await ready(page) };
}

const api = (values = {}) => server.page({ type: 'application/json', html: '{"a":1}', ...values });

async function rows(toolbar) {
  await toolbar.getByRole('tab', { name: 'Fetches' }).click();
  const table = toolbar.getByRole('tabpanel', { name: 'Fetches' }).locator('tbody tr');
  return table.evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.innerText)));
}

describe('fetches', () => {
  it('appear as they happen, with their figures and without another request', async () => {
    const { page, toolbar } = await open();
    const asked = [];
    assert.equal(await toolbar.getByRole('tab', { name: 'Fetches' }).count(), 0);
    page.on('request', (request) => asked.push(request.url()));
    await page.evaluate((url) => fetch(url), api({ queries: 3 }));
    await toolbar.getByRole('tab', { name: /Fetches\s+1/ }).waitFor();
    await page.evaluate((url) => new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('put', url);
      request.onloadend = resolve;
      request.send('x');
    }), api({ status: 404 }));
    await toolbar.getByRole('tab', { name: /Fetches\s+2/ }).waitFor();
    const [second, first] = await rows(toolbar);
    assert.equal(first[0], 'GET');
    assert.match(first[1], /^\/page\?type=/);
    assert.deepEqual(first.slice(2, 4), ['200', '3']);
    assert.match(first[4], /^[\d.]+ ms$/);
    assert.deepEqual([second[0], second[2], second[3]], ['PUT', '404', '0']);
    assert.equal(asked.length, 2);
    await toolbar.locator('.bar').click();
    assert.match(await toolbar.locator('.bar').innerText(), /2 fetches/);
    await page.close();
  });

  it('leave the page\'s own functions as they were', async () => {
    const { page } = await open();
    const seen = await page.evaluate(async (url) => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const clean = frame.contentWindow;
      const shape = (object, name) => {
        const { value, ...flags } = Object.getOwnPropertyDescriptor(object, name);
        return JSON.stringify([flags, value.name, value.length, typeof value,
          Object.getOwnPropertyNames(value), /\[native code\]/.test(String(value)),
          /\[native code\]/.test(Function.prototype.toString.call(value))]);
      };
      const thrown = (run) => { try { run(); return null; } catch (error) { return `${error}`; } };
      const rejected = async (promise) => promise.then(() => null, (error) => `${error.name}`);
      const controller = new AbortController();
      const aborted = fetch(url, { signal: controller.signal });
      controller.abort(new TypeError('mine'));
      const unhandled = new Promise((resolve) => {
        addEventListener('unhandledrejection', (event) => {
          event.preventDefault();
          resolve(event.reason.name);
        });
      });
      const promise = fetch('https://localhost:1/');
      let read = 0;
      await fetch(url, { get method() { read++; return 'GET'; } });
      const stream = await fetch(url);
      const untouched = !stream.bodyUsed && !stream.body.locked;
      return {
        fetch: [shape(window, 'fetch'), shape(clean, 'fetch')],
        open: [shape(XMLHttpRequest.prototype, 'open'), shape(clean.XMLHttpRequest.prototype, 'open')],
        promise: promise instanceof Promise && promise.constructor === Promise,
        unhandled: await unhandled,
        aborted: await rejected(aborted),
        noArguments: [await rejected(fetch()), await rejected(clean.fetch())],
        wrongThis: [await rejected(fetch.call(3, url)), thrown(() => new fetch(url))],
        illegal: [thrown(() => XMLHttpRequest.prototype.open.call({}, 'GET', url)),
          thrown(() => new XMLHttpRequest().open()), thrown(() => new XMLHttpRequest().open('TRACE', url))],
        body: await stream.text(),
        untouched,
        read,
      };
    }, api());
    assert.equal(seen.fetch[0], seen.fetch[1]);
    assert.equal(seen.open[0], seen.open[1]);
    assert.ok(seen.promise && seen.untouched);
    assert.equal(seen.unhandled, 'TypeError');
    assert.equal(seen.aborted, 'TypeError');
    assert.deepEqual(seen.noArguments, ['TypeError', 'TypeError']);
    assert.deepEqual(seen.wrongThis[0], 'TypeError');
    assert.match(seen.wrongThis[1], /not a constructor/);
    assert.match(seen.illegal[0], /Illegal invocation/);
    assert.match(seen.illegal[1], /2 arguments required/);
    assert.match(seen.illegal[2], /SecurityError/);
    assert.equal(seen.body, '{"a":1}');
    assert.equal(seen.read, 1);
    await page.close();
  });

  it('are listed although the page has its own ideas of prototypes', async () => {
    const { page, toolbar } = await open({
      head: `<script>
        for (const name of ['map', 'filter', 'forEach', 'find', 'push', 'join', 'includes', 'shift']) {
          Array.prototype[name] = () => { throw new Error(name); };
        }
        Object.prototype.extra = () => {};
        Promise.prototype.then = ((then) => function mine(...all) { return then.apply(this, all); })(
          Promise.prototype.then);
      </script>`,
    });
    await page.evaluate((url) => { fetch(url); }, api({ queries: 1 }));
    await toolbar.getByRole('tab', { name: /Fetches\s+1/ }).waitFor();
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  it('are kept to the last hundred, and the rest is counted', async () => {
    const { page, toolbar } = await open();
    await page.evaluate(async (url) => {
      for (let i = 0; i < 103; i++) await fetch(url);
    }, api());
    await toolbar.getByRole('tab', { name: /Fetches\s+103/ }).waitFor();
    assert.equal((await rows(toolbar)).length, 100);
    assert.match(await toolbar.getByRole('tabpanel').innerText(), /3 older ones are left out/);
    await page.close();
  });

  it('are opened in place, and the page comes back', async () => {
    const { page, toolbar } = await open({ queries: 1 });
    await page.evaluate((url) => fetch(url), api({ queries: 7 }));
    await toolbar.getByRole('tab', { name: /Fetches\s+1/ }).click();
    await toolbar.getByRole('tabpanel').getByRole('link').click();
    const back = toolbar.getByRole('button', { name: 'Back to the page' });
    await back.waitFor();
    assert.match(await toolbar.locator('header').innerText(), /type=application/);
    assert.match(await toolbar.getByRole('tab', { name: /^SQL/ }).innerText(), /7,/);
    assert.equal(await toolbar.locator('[role=tab]:focus').count(), 1);
    await toolbar.getByRole('tab', { name: 'Time' }).click();
    await back.click();
    assert.match(await toolbar.getByRole('tab', { name: /^SQL/ }).innerText(), /1,/);
    assert.equal(await back.count(), 0);
    assert.equal(page.context().pages().length, browser.context.pages().length);
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  for (const [status, said] of [[404, /no longer kept/], [500, /500: Internal Server Error/]]) {
    it(`say so when one cannot be opened: ${status}`, async () => {
      const { page, toolbar } = await open();
      await page.route('**/__debug__/requests/*', (route) => route.fulfill({ status }));
      await page.evaluate((url) => fetch(url), api());
      await toolbar.getByRole('tab', { name: /Fetches/ }).click();
      await toolbar.getByRole('tabpanel').getByRole('link').click();
      await toolbar.getByRole('status').getByText(said).waitFor();
      assert.ok(await toolbar.getByRole('link', { name: /new tab/ }).isVisible());
      await page.close();
    });
  }
});
