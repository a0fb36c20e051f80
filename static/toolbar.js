/*
 * The toolbar's behaviour, on top of what works without a script: tabs instead of stacked panels,
 * a theme switch, a bar that can be moved, Escape, and a memory for all of these.
 *
 * It makes elements with DOM methods only, so it works under Trusted Types and under a
 * Content-Security-Policy of script-src 'self'.
 */
(() => {
  'use strict';

  const STORAGE_KEY = 'debug-toolbar';
  const THEMES = ['auto', 'light', 'dark'];

  const script = document.currentScript;
  const host = (script && script.closest('debug-toolbar')) || document.querySelector('debug-toolbar');
  if (!host) return;

  /* A browser that does not know declarative shadow roots leaves the template where it is. */
  function attachRoot() {
    const template = host.querySelector('template');
    if (!template) return null;
    const root = host.attachShadow({ mode: 'open' });
    root.append(template.content);
    template.remove();
    return root;
  }

  const root = host.shadowRoot || attachRoot();
  if (!root || root.querySelector('[role=tablist]')) return;

  const section = root.querySelector('section');
  const toolbar = root.querySelector('.toolbar');
  const bar = root.querySelector('.bar');

  /* Storage may be blocked, full, or hold something else. */
  const state = { open: false, panel: '', theme: 'auto', corner: 'bottom-right' };
  try {
    Object.assign(state, JSON.parse(localStorage.getItem(STORAGE_KEY)));
  } catch {
    /* Start from the defaults. */
  }
  if (!/^(top|bottom)-(left|right)$/.test(state.corner)) state.corner = 'bottom-right';

  function remember(changes) {
    Object.assign(state, changes);
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(state));
    } catch {
      /* It lasts as long as the page. */
    }
  }

  /* Tabs */

  const panels = [...root.querySelectorAll('.panel')];
  const tabs = panels.map(makeTab);

  function makeTab(panel) {
    const tab = document.createElement('button');
    const content = panel.querySelector('.content');
    tab.type = 'button';
    tab.id = `tab-${panel.id}`;
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', `${panel.id}-content`);
    tab.append(...panel.querySelector('summary').cloneNode(true).childNodes);
    tab.addEventListener('click', () => select(panel, true));
    content.id = `${panel.id}-content`;
    content.tabIndex = 0;
    content.setAttribute('role', 'tabpanel');
    content.setAttribute('aria-labelledby', tab.id);
    return tab;
  }

  function select(chosen, byUser) {
    panels.forEach((panel, i) => {
      const selected = panel === chosen;
      panel.open = selected;
      tabs[i].setAttribute('aria-selected', String(selected));
      tabs[i].tabIndex = selected ? 0 : -1;
    });
    if (byUser) remember({ panel: chosen.id });
  }

  function onTabKey(event) {
    const last = tabs.length - 1;
    const at = tabs.indexOf(root.activeElement);
    const next = {
      ArrowDown: at < last ? at + 1 : 0,
      ArrowRight: at < last ? at + 1 : 0,
      ArrowUp: at > 0 ? at - 1 : last,
      ArrowLeft: at > 0 ? at - 1 : last,
      Home: 0,
      End: last,
    }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    select(panels[next], true);
    tabs[next].focus();
  }

  function showTabs() {
    const list = document.createElement('div');
    list.setAttribute('role', 'tablist');
    list.setAttribute('aria-label', 'Panels');
    list.setAttribute('aria-orientation', 'vertical');
    list.append(...tabs);
    list.addEventListener('keydown', onTabKey);
    root.querySelector('.panels').before(list);
    toolbar.classList.add('tabbed');
    select(panels.find((panel) => panel.id === state.panel) || panels[0], false);
  }

  /* Theme */

  const themeButton = root.querySelector('.theme');

  function showTheme() {
    const theme = THEMES.includes(state.theme) ? state.theme : 'auto';
    section.dataset.theme = theme;
    themeButton.textContent = theme;
    themeButton.title = `Theme: ${theme}`;
    themeButton.setAttribute('aria-label', `Theme: ${theme}`);
    themeButton.hidden = false;
  }

  themeButton.addEventListener('click', () => {
    remember({ theme: THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length] });
    showTheme();
  });

  /* Open and closed */

  function describeBar() {
    bar.title = toolbar.open
      ? 'Close (Esc)'
      : 'Open the debug toolbar. To move it, drag it or press Shift and an arrow key.';
  }

  toolbar.addEventListener('toggle', (event) => {
    if (event.target !== toolbar) return;
    describeBar();
    if (toolbar.open !== state.open) remember({ open: toolbar.open });
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !toolbar.open) return;
    if (root.activeElement) bar.focus();
    toolbar.open = false;
  });

  /* Selecting text in a row must not fold it: a click that ends where it did not start. */
  let pressed = { x: 0, y: 0 };

  root.addEventListener('pointerdown', (event) => {
    pressed = { x: event.clientX, y: event.clientY };
  });

  root.addEventListener('click', (event) => {
    const distance = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
    if (event.detail && distance > 4 && event.target.closest('summary.row')) {
      event.preventDefault();
    }
  });

  /* Moving the bar from corner to corner */

  let drag = null;

  function moveTo(vertical, horizontal) {
    remember({ corner: `${vertical}-${horizontal}` });
    host.dataset.corner = state.corner;
  }

  bar.addEventListener('pointerdown', (event) => {
    if (toolbar.open || event.button !== 0) return;
    drag = { x: event.clientX, y: event.clientY, moved: false };
    bar.setPointerCapture(event.pointerId);
  });

  bar.addEventListener('pointermove', (event) => {
    if (!drag) return;
    const x = event.clientX - drag.x;
    const y = event.clientY - drag.y;
    if (!drag.moved && Math.hypot(x, y) < 6) return;
    drag.moved = true;
    bar.classList.add('dragged');
    section.style.transform = `translate(${x}px, ${y}px)`;
  });

  function endDrag(event) {
    if (!drag) return;
    bar.classList.remove('dragged');
    section.style.transform = '';
    if (drag.moved && event.type === 'pointerup') {
      moveTo(event.clientY < innerHeight / 2 ? 'top' : 'bottom',
             event.clientX < innerWidth / 2 ? 'left' : 'right');
      /* The click that follows belongs to the drag. */
      bar.addEventListener('click', (click) => click.preventDefault(), { once: true });
    }
    drag = null;
  }

  bar.addEventListener('pointerup', endDrag);
  bar.addEventListener('pointercancel', endDrag);

  bar.addEventListener('keydown', (event) => {
    const [vertical, horizontal] = state.corner.split('-');
    if (toolbar.open || !event.shiftKey) return;
    if (event.key === 'ArrowUp') moveTo('top', horizontal);
    else if (event.key === 'ArrowDown') moveTo('bottom', horizontal);
    else if (event.key === 'ArrowLeft') moveTo(vertical, 'left');
    else if (event.key === 'ArrowRight') moveTo(vertical, 'right');
    else return;
    event.preventDefault();
  });

  showTabs();
  showTheme();
  describeBar();
  host.dataset.corner = state.corner;
  toolbar.open = state.open === true;
})();
