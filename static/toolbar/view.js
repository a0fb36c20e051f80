/*
 * A view is one request as the server rendered it: bar, head and panels. The page's own is shown
 * at first; others can take its place. The script's own panels stand below those of any view.
 */
let page = takeView(root, host.dataset.id);
let shown = page;
const ownPanels = new Set();
const panelsBox = root.querySelector('.panels');
const tabList = make('div', { role: 'tablist', 'aria-label': 'Panels' });
const tabs = new Map(); /* of the panels that are shown, in their order */

function takeView(from, id) {
  return {
    id,
    bar: [...from.querySelector('.bar').childNodes],
    header: from.querySelector('header'),
    panels: [...from.querySelectorAll('.panel')],
  };
}

function makeTab(panel) {
  const content = panel.querySelector('.content');
  const tab = makeButton('', {
    id: `tab-${panel.id}`, role: 'tab', 'aria-controls': `${panel.id}-content`,
  }, () => select(panel, true));
  content.id = `${panel.id}-content`;
  content.tabIndex = 0;
  content.role = 'tabpanel';
  content.setAttribute('aria-labelledby', tab.id);
  return tab;
}

/* The title as the panel's summary has it, and quiet where there is no news. */
function nameTab(panel) {
  const tab = tabs.get(panel);
  tab.replaceChildren(...panel.querySelector('summary').cloneNode(true).childNodes);
  tab.classList.toggle('quiet', panel.querySelector('.content > :first-child:not(.empty)') === null);
}

function select(chosen, byUser) {
  for (const [panel, tab] of tabs) {
    const selected = panel === chosen;
    panel.open = selected;
    tab.ariaSelected = selected;
    tab.tabIndex = selected ? 0 : -1;
    if (selected && byUser) tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  if (byUser) remember({ panel: chosen.id });
  say();
}

function selectedTab() {
  return tabList.querySelector('[aria-selected=true]');
}

/* Shows the panels of the view and the script's own; the remembered one is selected. */
function showPanels() {
  const hadFocus = tabList.contains(root.activeElement);
  const before = selectedTab();
  let chosen = null;
  tabs.clear();
  for (const panel of [...shown.panels, ...ownPanels]) {
    /* One may open another while it moves. */
    panel.removeAttribute('name');
    tabs.set(panel, makeTab(panel));
    nameTab(panel);
    if (!chosen || panel.id === (before ? before.id.slice(4) : state.panel)) chosen = panel;
  }
  panelsBox.replaceChildren(...tabs.keys());
  tabList.replaceChildren(...tabs.values());
  for (const panel of shown.panels) {
    if (panel.id === 'panel-sql') equipQueries(panel);
    if (/request|advice/.test(panel.id)) equipTexts(panel);
    if (panel.id === 'panel-time' && shown === page) addBrowserTimes(panel);
  }
  select(chosen, false);
  if (hadFocus) selectedTab().focus();
}

function showView(view) {
  const header = root.querySelector('header');
  shown = view;
  if (header !== view.header) header.replaceWith(view.header);
  equipHeader();
  showPanels();
}

/* The page has become another one: its bar as well. */
function showPage(view) {
  page = view;
  host.dataset.id = view.id;
  bar.replaceChildren(...view.bar);
  showView(view);
  showFetches();
}

/* From advice to its queries and back: an address does not reach into a shadow root. */
root.addEventListener('click', (event) => {
  const [, id, n] = /#(panel-\w+)-(\d+)$/.exec(event.target.closest('a')?.href) || [];
  const panel = id && panelsBox.querySelector(`#${id}`);
  let goal = panel;
  if (!panel) return;
  event.preventDefault();
  select(panel, true);
  /* The last one is the query itself, in the row of its group. */
  for (const found of panel.querySelectorAll(`[data-n="${n}"]`)) goal = found;
  for (let box = goal; box !== panel; box = box.parentNode) {
    box.hidden = false;
    if (box.matches('details')) box.open = true;
  }
  if (goal.tabIndex < 0) goal.tabIndex = -1;
  goal.focus();
});

tabList.addEventListener('keydown', (event) => {
  const all = [...tabs.keys()];
  const { length } = all;
  let at = 0;
  while (at < length && tabs.get(all[at]) !== root.activeElement) at++;
  const next = {
    ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1,
  }[event.key];
  if (at === length || next === undefined || event.shiftKey || event.altKey || event.ctrlKey) return;
  event.preventDefault();
  const panel = all[(next + length) % length];
  select(panel, true);
  tabs.get(panel).focus();
});
