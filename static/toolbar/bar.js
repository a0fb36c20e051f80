/* The bar: open and closed, where it stands, the theme, and the head of the window. */

/* Theme: the first press always changes what one sees. */

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

function nextTheme() {
  const [first, second] = systemIsDark.matches ? ['light', 'dark'] : ['dark', 'light'];
  return { auto: first, [first]: second, [second]: 'auto' }[state.theme];
}

function showTheme() {
  const button = root.querySelector('.theme');
  section.dataset.theme = state.theme;
  button.textContent = state.theme;
  button.title = button.ariaLabel = `Theme: ${state.theme}`;
  button.hidden = false;
}

const backButton = makeButton('Back to the page', { class: 'back' }, () => {
  showView(page);
  selectedTab().focus();
});

function equipHeader() {
  showTheme();
  if (shown === page) backButton.remove();
  else root.querySelector('.theme').before(backButton);
}

root.addEventListener('click', (event) => {
  if (!event.target.closest('.theme')) return;
  remember({ theme: nextTheme() });
  showTheme();
});

/* Tabs lie above the panels where there is no room beside them. */

const isNarrow = matchMedia('(max-width: 680px)');

function orient() {
  const flat = isNarrow.matches || (!ownPage && /left|right/.test(state.edge));
  tabList.ariaOrientation = flat ? 'horizontal' : 'vertical';
  toolbar.classList.toggle('flat', flat);
}

isNarrow.addEventListener('change', orient);

/* Open and closed */

let openedByKey = false;

function describeBar() {
  bar.title = toolbar.open
    ? 'Close (Esc)'
    : 'Open the debug toolbar. To move it, drag it or press Shift and an arrow key.';
}

toolbar.addEventListener('toggle', (event) => {
  if (event.target !== toolbar) return;
  describeBar();
  if (toolbar.open && openedByKey) selectedTab().focus();
  openedByKey = false;
  if (toolbar.open !== state.open && !ownPage) remember({ open: toolbar.open });
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented || !toolbar.open || ownPage) return;
  if (root.activeElement?.value && root.activeElement.type === 'search') return;
  if (root.activeElement) bar.focus();
  toolbar.open = false;
});

/* Selecting text in a row must not fold it. */
root.addEventListener('click', (event) => {
  const { type } = (root.getSelection ? root : document).getSelection();
  if (event.detail && type === 'Range' && event.target.closest('summary')) event.preventDefault();
});

/* Where the bar stands: an edge, and how far along it, as a share of the room there is. */

const MARGIN = 12;
let drag = null;
let justDragged = false;

function standAt(edge, at) {
  remember({ edge, at: Math.min(1, Math.max(0, Math.round(at * 1000) / 1000)) });
  showPlace();
}

function showPlace() {
  section.dataset.edge = state.edge;
  section.style.setProperty('--at', state.at);
  orient();
}

function nearestEdge(x, y) {
  const distances = { bottom: innerHeight - y, top: y, right: innerWidth - x, left: x };
  let nearest = 'bottom';
  for (const edge of Object.keys(distances)) {
    if (distances[edge] < distances[nearest]) nearest = edge;
  }
  return nearest;
}

function drop(event) {
  const was = bar.getBoundingClientRect();
  const edge = nearestEdge(event.clientX, event.clientY);
  section.dataset.edge = edge;
  const [all, length, middle] = /left|right/.test(edge)
    ? [innerHeight, bar.offsetHeight, was.top + was.height / 2]
    : [innerWidth, bar.offsetWidth, was.left + was.width / 2];
  standAt(edge, (middle - length / 2 - MARGIN) / Math.max(1, all - 2 * MARGIN - length));
}

function endDrag(event) {
  if (!drag) return;
  bar.classList.remove('dragged');
  if (drag.moved && event.type === 'pointerup') {
    drop(event);
    justDragged = true;
  }
  bar.style.translate = '';
  drag = null;
}

bar.addEventListener('pointerdown', (event) => {
  justDragged = false;
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
  bar.style.translate = `${x}px ${y}px`;
});

bar.addEventListener('pointerup', endDrag);
bar.addEventListener('pointercancel', endDrag);

bar.addEventListener('click', (event) => {
  /* The click at the end of a drag belongs to the drag. */
  if ((justDragged && event.detail) || ownPage) event.preventDefault();
  else openedByKey = event.detail === 0 && !toolbar.open;
  justDragged = false;
});

/* Along the edge by tenths; round the corner at its end; across to the opposite edge. */
bar.addEventListener('keydown', (event) => {
  const goal = {
    ArrowUp: 'top', ArrowDown: 'bottom', ArrowLeft: 'left', ArrowRight: 'right',
  }[event.key];
  const vertical = /left|right/.test(state.edge);
  const back = /top|left/.test(goal);
  if (toolbar.open || !event.shiftKey || !goal) return;
  event.preventDefault();
  if (vertical !== /top|bottom/.test(goal)) {
    if (goal !== state.edge) standAt(goal, state.at);
  } else if (state.at === (back ? 0 : 1)) {
    standAt(goal, /top|left/.test(state.edge) ? 0 : 1);
  } else {
    standAt(state.edge, state.at + (back ? -0.1 : 0.1));
  }
});
