/*
 * The SQL panel's controls: filter, duplicates, slow ones, order, copy and plan. The rows carry
 * what is needed: data-n, data-ms and data-rows, and the classes duplicate and slow.
 */
const NativeRequest = XMLHttpRequest;
const nativeOpen = NativeRequest.prototype.open;
const nativeSend = NativeRequest.prototype.send;

/* Asks the toolbar's own server, unseen by the page and by the list of fetches. */
function ask(path, type, done) {
  const request = new NativeRequest();
  nativeOpen.call(request, 'GET', `${prefix}${path}`);
  request.responseType = type;
  request.timeout = 15000;
  request.onloadend = () => {
    const answer = request.status === 200 ? request.response : null;
    done(answer, (type === 'json' && request.response?.error) || {
      0: 'The answer could not be loaded. The page\'s Content-Security-Policy may forbid it.',
      404: 'This request is no longer kept. Reload the page and try again.',
    }[request.status] || `${request.status}: ${request.statusText}`);
  };
  nativeSend.call(request);
}

/* 'person >1ms rows>100': every word has to hold. */
function meets(row, text, word) {
  const figure = /^(rows|ms)?([<>])([\d.]+)(ms)?$/.exec(word);
  if (!figure) return text.includes(word);
  const value = Number(row.dataset[figure[1] || 'ms']);
  return figure[2] === '>' ? value > figure[3] : value < figure[3];
}

function rowOf(entry) {
  return entry.matches('.row') ? entry : entry.querySelector('.row');
}

function fits(entry, words, wanted) {
  const first = rowOf(entry);
  const text = entry.textContent.toLowerCase();
  if (!first) return true;
  for (const name of wanted) {
    if (!entry.matches(`.${name}`) && !entry.querySelector(`.${name}`)) return false;
  }
  for (const word of words) if (!meets(first, text, word)) return false;
  return true;
}

/* Single queries, whether they have a row of their own or one within their group's. */
function countRows(table, name) {
  return table.querySelectorAll(`.row.${name}:not(details:has(tr.row) > summary)`).length;
}

function addControls(table, entries) {
  const search = make('input', {
    type: 'search', placeholder: 'Filter: text, >1ms, rows>100', 'aria-label': 'Filter queries',
    spellcheck: 'false', autocomplete: 'off',
  });
  const found = make('span', { role: 'status', class: 'found' });
  const wanted = new Set();

  function apply() {
    const words = search.value.toLowerCase().match(/\S+/g) || [];
    let count = 0;
    for (const entry of entries) {
      entry.hidden = !fits(entry, words, wanted);
      if (!entry.hidden) count++;
    }
    found.textContent = words.length || wanted.size ? `${count} of ${entries.length} shown` : '';
  }

  function toggle(name, title) {
    const count = countRows(table, name);
    const button = makeButton(`${title} ${count}`, { 'aria-pressed': 'false' }, () => {
      if (!wanted.delete(name)) wanted.add(name);
      button.ariaPressed = wanted.has(name);
      apply();
    });
    button.disabled = !count;
    return button;
  }

  search.addEventListener('input', apply);
  table.before(make('div', { class: 'controls' }, search, toggle('duplicate', 'Duplicates'),
                    toggle('slow', 'Slow'), found));
}

/* The headings become buttons; pressed again, they turn the order round. */
function addOrder(table, entries) {
  const headings = table.querySelectorAll('thead th');
  const keys = { 0: 'n', 3: 'rows', 4: 'ms' };

  function sort(heading, key) {
    const was = heading.ariaSort;
    const down = was ? was === 'ascending' : key !== 'n';
    const value = (entry) => (down ? -1 : 1) * (rowOf(entry)?.dataset[key] || 0);
    for (const other of headings) other.ariaSort = null;
    heading.ariaSort = down ? 'descending' : 'ascending';
    entries.sort((a, b) => value(a) - value(b));
    table.tBodies[0].append(...entries);
  }

  for (const at of Object.keys(keys)) {
    const heading = headings[at];
    const button = makeButton('', { class: 'order' }, () => sort(heading, keys[at]));
    button.append(...heading.childNodes);
    heading.append(button);
  }
  headings[0].ariaSort = 'ascending';
}

/* Copy and plan */

const records = new Map();

function copy(text, button) {
  const said = (words) => {
    button.textContent = words;
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  };
  navigator.clipboard?.writeText(text).then(() => said('Copied'), () => said('Not allowed'));
}

function equipTexts(panel) {
  for (const text of panel.querySelectorAll(':is(.content > pre, .shell):not(.copy + *)')) {
    const button = makeButton('Copy', { class: 'copy' }, () => copy(text.textContent, button));
    text.before(button);
  }
}

/* What can be run is in the record; without it, what the row shows. */
function copyQuery(row, button) {
  const { id } = shown;
  const finish = () => {
    let text = (row.querySelector('code') || row.closest('details').querySelector('code')).textContent;
    for (const query of records.get(id)?.queries || []) {
      if (query.n === Number(row.dataset.n)) text = query.runnable || query.sql || text;
    }
    copy(text, button);
  };
  if (records.has(id)) finish();
  else {
    ask(`/requests/${id}.json`, 'json', (record) => {
      if (record) records.set(id, record);
      finish();
    });
  }
}

/* The lines of a plan know their parent. */
function planTree(lines) {
  const top = make('ul', { class: 'plan' });
  const items = new Map();
  for (const line of lines) {
    const item = make('li', {}, String(line.detail));
    const parent = items.get(line.parent);
    const list = parent ? parent.querySelector('ul') || make('ul', {}) : top;
    if (parent) parent.append(list);
    list.append(item);
    items.set(line.id, item);
  }
  return top;
}

function showPlan(path, button, place) {
  const old = place.querySelector(':scope > .plan');
  button.ariaExpanded = !old;
  if (old) {
    old.remove();
    return;
  }
  const box = make('div', { class: 'plan', role: 'status' }, 'Loading');
  place.append(box);
  ask(path, 'json', (answer, error) => {
    const parts = [answer, answer?.before, answer?.after].filter((part) => part?.plan?.[0]);
    box.textContent = parts[0] ? '' : answer?.error || error;
    for (const { vm_steps: steps, plan } of parts) box.append(steps ? `${steps} steps` : '', planTree(plan));
  });
}

/* An index: the plan without it, and with it. */
root.addEventListener('click', (event) => {
  const link = event.target.closest('.proof');
  if (!link) return;
  event.preventDefault();
  showPlan(link.getAttribute('href').slice(prefix.length), link, link.parentNode);
});

function addActions(row, place) {
  const { n } = row.dataset;
  const plan = makeButton('Plan', { 'aria-expanded': 'false' }, () => {
    showPlan(`/requests/${shown.id}/queries/${n}/plan`, plan, place);
  });
  const copied = makeButton('Copy', {}, () => copyQuery(row, copied));
  copied.ariaLabel = `Copy query ${n}`;
  plan.ariaLabel = `Plan of query ${n}`;
  place.prepend(make('span', { class: 'actions' }, copied, plan));
}

/* No buttons inside of a <summary>: those of a row that unfolds are in what it unfolds to. */
function equipEntry(entry) {
  const details = entry.querySelector('details');
  if (entry.matches('.row')) addActions(entry, entry.cells[1]);
  details?.addEventListener('toggle', () => {
    const singles = details.querySelectorAll('tr.row');
    if (!singles.length) {
      addActions(details.querySelector('summary'), details.querySelector('.unfolded'));
    }
    for (const row of singles) addActions(row, row.cells[1]);
  }, { once: true });
}

function equipQueries(panel) {
  const table = panel.querySelector('.queries');
  if (!table?.querySelector('[data-n]') || panel.querySelector('.controls')) return;
  const entries = [...table.tBodies[0].rows];
  addControls(table, entries);
  addOrder(table, entries);
  for (const entry of entries) equipEntry(entry);
}
