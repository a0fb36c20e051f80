// What the tests of the look have in common: axe-core, and pictures for a person to see.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const pictures = process.env.TOOLBAR_PICTURES;
export const LARGE = { width: 1280, height: 800 };
export const SMALL = { width: 320, height: 640 };

mkdirSync(pictures, { recursive: true });

// No violations within what the selector names; the page has evaluated `axe` before.
export async function check(page, name, include = 'debug-toolbar') {
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  const found = await page.evaluate(async (selector) => {
    const { violations } = await window.axe.run({ include: [[selector]] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  }, include);
  assert.deepEqual(found, [], name);
}
