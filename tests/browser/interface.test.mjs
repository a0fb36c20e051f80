// The bar and the window: open and closed, moved, remembered, worked by keyboard, in any page.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newPage, ready, startBrowser, startPages } from './support.mjs';

let server;
let browser;

before(async () => {
  server = await startPages();
  browser = await startBrowser({ hasTouch: true });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// What is remembered is a line of words: "closed panel-sql auto bottom 1".
async function open(values = {}, remembered = null, size = { width: 1280, height: 800 }) {
  const page = await newPage(browser.context);
  await page.setViewportSize(size);
  await page.goto(server.page());
  await page.evaluate((line) => {
    localStorage.clear();
    if (line) localStorage.setItem('debug-toolbar', line);
    document.cookie = 'debug-toolbar-off=; Path=/; Max-Age=0; Secure';
  }, remembered);
  await page.goto(server.page(values));
  return { page, toolbar: await ready(page) };
}

const box = (toolbar) => toolbar.locator('.bar').boundingBox();
const isOpen = (toolbar) => toolbar.locator('.window').isVisible();

async function drag(page, toolbar, x, y) {
  const { x: left, y: top, width, height } = await box(toolbar);
  await page.mouse.move(left + width / 2, top + height / 2);
  await page.mouse.down();
  await page.mouse.move(x, y, { steps: 5 });
  await page.mouse.up();
}

describe('open and closed', () => {
  it('shows its handle, opens, changes panels and closes', async () => {
    const { page, toolbar } = await open({ queries: 3 });
    assert.ok(await toolbar.locator('.bar').isVisible());
    assert.ok(!(await isOpen(toolbar)));
    await toolbar.locator('.bar').click();
    assert.ok(await isOpen(toolbar));
    await toolbar.getByRole('tab', { name: 'Time' }).click();
    assert.ok(await toolbar.getByRole('tabpanel', { name: 'Time' }).isVisible());
    assert.equal(await toolbar.getByRole('tabpanel').count(), 1);
    await toolbar.locator('.bar').click();
    assert.ok(!(await isOpen(toolbar)));
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  it('remembers the panel, whether it is open, its place and the theme', async () => {
    const { page, toolbar } = await open({}, 'open panel-time dark left 0.25');
    assert.ok(await isOpen(toolbar));
    assert.ok(await toolbar.getByRole('tabpanel', { name: 'Time' }).isVisible());
    assert.equal(await toolbar.locator('section').getAttribute('data-theme'), 'dark');
    assert.equal(await toolbar.locator('section').getAttribute('data-edge'), 'left');
    await toolbar.getByRole('tab', { name: 'SQL' }).click();
    await page.reload();
    await ready(page);
    assert.ok(await toolbar.getByRole('tabpanel', { name: 'SQL' }).isVisible());
    await page.close();
  });

  it('starts from the defaults when what it remembers is nonsense', async () => {
    for (const line of ['{"open":true}', 'open', 'x y z w -3', '\u0000', ' '.repeat(5000)]) {
      const { page, toolbar } = await open({}, line);
      assert.equal(await toolbar.locator('section').getAttribute('data-edge'), 'bottom');
      assert.deepEqual(page.complaints, []);
      await page.close();
    }
  });
});

describe('keyboard', () => {
  it('moves focus into the window and back to the bar', async () => {
    const { page, toolbar } = await open();
    await toolbar.locator('.bar').focus();
    await page.keyboard.press('Enter');
    await toolbar.locator('[role=tab]:focus').waitFor();
    await page.keyboard.press('End');
    assert.equal(await toolbar.locator('[role=tab]:focus').getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    assert.match(await toolbar.locator('[role=tab]:focus').innerText(), /Advice/);
    await page.keyboard.press('Escape');
    assert.ok(!(await isOpen(toolbar)));
    await toolbar.locator('.bar:focus').waitFor();
    await page.close();
  });

  it('has one tab stop for the tabs, and turns with the layout', async () => {
    const { page, toolbar } = await open({}, 'open - auto bottom 1');
    const list = toolbar.getByRole('tablist');
    assert.equal(await list.getAttribute('aria-orientation'), 'vertical');
    assert.equal(await toolbar.locator('[role=tab][tabindex="0"]').count(), 1);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.waitForFunction(() => document.querySelector('debug-toolbar').shadowRoot
      .querySelector('[role=tablist]').getAttribute('aria-orientation') === 'horizontal');
    await page.close();
    const side = await open({}, 'open - auto right 0.5');
    assert.equal(await side.toolbar.getByRole('tablist').getAttribute('aria-orientation'),
                 'horizontal');
    await side.page.close();
  });

  it('takes the bar along its edge, round corners and across', async () => {
    const { page, toolbar } = await open({}, 'closed - auto bottom 0.95');
    const section = toolbar.locator('section');
    const edge = () => section.getAttribute('data-edge');
    await toolbar.locator('.bar').focus();
    await page.keyboard.press('Shift+ArrowRight');
    assert.equal(await edge(), 'bottom');
    await page.keyboard.press('Shift+ArrowRight');
    assert.equal(await edge(), 'right');
    await page.keyboard.press('Shift+ArrowLeft');
    assert.equal(await edge(), 'left');
    await page.keyboard.press('Shift+ArrowDown');
    assert.equal(await edge(), 'bottom');
    await page.keyboard.press('Shift+ArrowUp');
    assert.equal(await edge(), 'top');
    await page.reload();
    await ready(page);
    assert.equal(await edge(), 'top');
    await page.close();
  });
});

describe('moving', () => {
  it('follows the mouse to every edge, stays inside, and does not open', async () => {
    const { page, toolbar } = await open();
    const places = { top: [700, 5], left: [5, 300], right: [1275, 500], bottom: [300, 795] };
    for (const [edge, [x, y]] of Object.entries(places)) {
      await drag(page, toolbar, x, y);
      assert.equal(await toolbar.locator('section').getAttribute('data-edge'), edge);
      const at = await box(toolbar);
      assert.ok(at.x >= 0 && at.y >= 0 && at.x + at.width <= 1280 && at.y + at.height <= 800);
      const middle = /top|bottom/.test(edge) ? at.x + at.width / 2 - x : at.y + at.height / 2 - y;
      assert.ok(Math.abs(middle) < 30, `${edge}: ${middle} px from where it was dropped`);
    }
    assert.ok(!(await isOpen(toolbar)));
    await page.setViewportSize({ width: 400, height: 300 });
    const at = await box(toolbar);
    assert.ok(at.x >= 0 && at.x + at.width <= 400 && at.y + at.height <= 300);
    await page.close();
  });

  it('follows a finger', async () => {
    const { page, toolbar } = await open();
    const { x, y, width, height } = await box(toolbar);
    const session = await browser.context.newCDPSession(page);
    const touch = (type, ...touchPoints) => session.send('Input.dispatchTouchEvent',
                                                         { type, touchPoints });
    await touch('touchStart', { x: x + width / 2, y: y + height / 2 });
    for (const at of [600, 300, 100, 8]) await touch('touchMove', { x: 640, y: at });
    await touch('touchEnd');
    await toolbar.locator('section[data-edge=top]').waitFor({ state: 'attached' });
    assert.ok(!(await isOpen(toolbar)));
    /* A browser on a busy machine may take the first touch for one that stops a moving page. */
    const tap = () => toolbar.locator('.bar').tap();
    await tap();
    await toolbar.locator('.window').waitFor({ timeout: 5000 }).catch(tap);
    await toolbar.locator('.window').waitFor();
    await page.close();
  });
});

describe('themes', () => {
  for (const system of ['light', 'dark']) {
    it(`changes with the first press on a ${system} system`, async () => {
      const { page, toolbar } = await open({}, 'open - auto bottom 1');
      await page.emulateMedia({ colorScheme: system });
      const paper = () => toolbar.locator('.window').evaluate(
        (node) => getComputedStyle(node).backgroundColor);
      const button = toolbar.getByRole('button', { name: /Theme/ });
      const seen = [await paper()];
      const other = system === 'light' ? 'dark' : 'light';
      for (const theme of [other, system, 'auto']) {
        await button.click();
        assert.equal(await button.innerText(), theme);
        seen.push(await paper());
      }
      assert.notEqual(seen[0], seen[1]);
      assert.equal(seen[0], seen[2]);
      assert.equal(seen[0], seen[3]);
      await page.close();
    });
  }
});

describe('in any page', () => {
  it('speaks its own language, from left to right', async () => {
    const { page, toolbar } = await open({
      html: '<script>document.documentElement.lang = "ar"; document.documentElement.dir = "rtl";</script>',
    }, 'open - auto bottom 1');
    assert.equal(await toolbar.locator('section').getAttribute('lang'), 'en');
    const tabs = await toolbar.getByRole('tablist').boundingBox();
    assert.ok(tabs.x < 20);
    await page.close();
  });

  it('works although the page replaces what arrays, objects and JSON do', async () => {
    const { page, toolbar } = await open({
      queries: 3,
      head: `<script>
        for (const name of ['map', 'filter', 'forEach', 'find', 'reduce', 'some', 'every', 'push', 'join']) {
          Array.prototype[name] = () => { throw new Error('the page\\'s own ' + name); };
        }
        Object.prototype.extra = 1; Array.prototype.more = 2;
        Object.prototype.toJSON = Array.prototype.toJSON = () => 'mine';
        JSON.stringify = () => 'broken';
      </script>`,
    });
    await toolbar.locator('.bar').click();
    await toolbar.getByRole('tab', { name: 'Time' }).click();
    assert.ok(await toolbar.getByRole('tabpanel', { name: 'Time' }).isVisible());
    assert.match(await page.evaluate(() => localStorage.getItem('debug-toolbar')),
                 /^open panel-time auto bottom 1$/);
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  it('is not styled by the page, and leaves no names in it', async () => {
    const { page, toolbar } = await open({
      head: `<style>* { color: red !important; font-size: 40px !important; display: block !important;
        transform: none; position: static !important } debug-toolbar { display: none !important }
        </style>`,
    });
    assert.ok(await toolbar.locator('.bar').isVisible());
    assert.equal((await box(toolbar)).height, 36);
    const left = await page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const known = new Set(Object.getOwnPropertyNames(frame.contentWindow));
      return {
        names: Object.getOwnPropertyNames(window).filter((name) => !known.has(name) && !/^\d+$/.test(name)
          && !name.startsWith('__playwright') && !name.startsWith('__pw')),
        ids: document.querySelectorAll('debug-toolbar [id], debug-toolbar[id]').length,
      };
    });
    assert.deepEqual(left, { names: [], ids: 0 });
    await page.close();
  });

  it('prints nothing', async () => {
    const { page, toolbar } = await open({}, 'open - auto bottom 1');
    await page.emulateMedia({ media: 'print' });
    assert.ok(!(await isOpen(toolbar)));
    assert.ok(!(await toolbar.locator('.bar').isVisible()));
    await page.close();
  });

  it('moves nothing for those who want it so', async () => {
    const { page, toolbar } = await open();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const moving = await toolbar.evaluate((host) => [...host.shadowRoot.querySelectorAll('*')]
      .filter((node) => getComputedStyle(node).transitionDuration !== '0s').length);
    assert.equal(moving, 0);
    await page.close();
  });

  it('works in a frame of the page without taking part of it', async () => {
    const { page } = await open({
      html: `<iframe title="inner" src="${server.page({ html: 'inner' })}"></iframe>`,
    });
    assert.equal(await page.locator('debug-toolbar').count(), 1);
    assert.equal(await page.frameLocator('iframe').locator('debug-toolbar').count(), 0);
    await page.close();
  });
});

describe('panels switched off', () => {
  it('are off from the next request on, in this browser, and can be switched on', async () => {
    const { page, toolbar } = await open({ queries: 2 }, 'open own-panels auto bottom 1');
    const box = toolbar.getByRole('tabpanel').getByLabel('SQL');
    assert.ok(await box.isChecked());
    await box.uncheck();
    const cookies = await browser.context.cookies(server.origin);
    const cookie = cookies.find(({ name }) => name === 'debug-toolbar-off');
    assert.equal(cookie.value, 'sql');
    assert.ok(cookie.secure);
    assert.equal(cookie.sameSite, 'Strict');
    assert.equal(cookie.path, '/');
    await page.reload();
    await ready(page);
    await toolbar.getByRole('tab', { name: /^SQL/ }).click();
    assert.match(await toolbar.getByRole('tab', { name: /^SQL/ }).innerText(), /off/);
    assert.match(await toolbar.getByRole('tabpanel').innerText(), /Switched off in this browser/);
    await toolbar.getByRole('tab', { name: 'Panels' }).click();
    await toolbar.getByRole('tabpanel').getByLabel('SQL').check();
    await page.reload();
    await ready(page);
    await toolbar.getByRole('tab', { name: /^SQL/ }).click();
    assert.match(await toolbar.getByRole('tabpanel').innerText(), /SELECT/);
    await page.close();
  });
});
