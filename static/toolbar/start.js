/*
 * On top of what works without a script. The files of this directory become one script, inside of
 * one function: this one comes first, and `return` ends all of it.
 *
 * Elements are made with DOM methods only, for Trusted Types. Lists are walked with for...of,
 * because pages replace what Array.prototype and Object.prototype have.
 */
const script = document.currentScript;
const host = (script && script.closest('debug-toolbar')) || document.querySelector('debug-toolbar');
if (!host) return;

/* A library has swapped the page: the toolbar that is here already takes what is new from here. */
if (!document.dispatchEvent(new CustomEvent('debug-toolbar:element', {
  detail: host, cancelable: true,
}))) return;

/* A browser that does not know declarative shadow roots leaves the template where it is. */
function attachRoot() {
  const template = host.querySelector('template');
  if (!template) return null;
  const made = host.attachShadow({ mode: 'open' });
  made.append(template.content);
  template.remove();
  return made;
}

const root = host.shadowRoot || attachRoot();
if (!root || root.querySelector('[role=tablist]')) return;

const section = root.querySelector('section');
const toolbar = root.querySelector('.toolbar');
const bar = root.querySelector('.bar');
const ownPage = host.hasAttribute('data-page');
const prefix = root.querySelector('link').getAttribute('href').replace(/\/static\/[^/]*$/, '');

function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const name of Object.keys(attributes)) node.setAttribute(name, attributes[name]);
  node.append(...children);
  return node;
}

function makeButton(text, attributes, onClick) {
  const button = make('button', { type: 'button', ...attributes }, text);
  button.addEventListener('click', onClick);
  return button;
}

/* What is remembered: five words, as a page may have its own ideas of JSON. */

const STORAGE_KEY = 'debug-toolbar';
const state = { open: false, panel: '', theme: 'auto', edge: 'bottom', at: 1 };

function recall() {
  let words = [];
  try {
    words = String(localStorage.getItem(STORAGE_KEY)).split(' ');
  } catch {
    /* Storage is blocked: start from the defaults. */
  }
  const [open, panel, theme, edge, at] = words;
  state.open = open === 'open';
  if (panel) state.panel = panel;
  if (/^(light|dark)$/.test(theme)) state.theme = theme;
  if (/^(top|left|right)$/.test(edge)) state.edge = edge;
  if (at >= 0 && at <= 1) state.at = Number(at);
}

function remember(changes) {
  Object.assign(state, changes);
  const { open, panel, theme, edge, at } = state;
  try {
    localStorage.setItem(STORAGE_KEY,
                         `${open ? 'open' : 'closed'} ${panel || '-'} ${theme} ${edge} ${at}`);
  } catch {
    /* It lasts as long as the page. */
  }
}

recall();

/* A line at the bottom of the window, until the next thing is done. */

const message = make('p', { class: 'message', role: 'status' });
root.querySelector('.window').append(message);

function say(...words) {
  message.replaceChildren(...words);
}
